namespace Akka.Persistence.Sql.Store;

/// <summary>A kind of database: how to connect to it, and what its errors mean.</summary>
internal abstract class SqlProvider
{
    /// <summary>How many connections write; the work of one id always goes to the same one.</summary>
    public abstract int Writers { get; }

    /// <summary>Connects.</summary>
    /// <exception cref="System.Data.Common.DbException">The database is not there or lets nobody in.</exception>
    public abstract SqlSession Open();

    /// <summary>Whether the database refused a statement for what it says, so that others may go on.</summary>
    public abstract bool IsRefusal(Exception failure);

    /// <summary>Whether what was to be inserted is there already.</summary>
    public abstract bool IsDuplicate(Exception failure);

    /// <summary>What went wrong and where, for someone who has to put it right.</summary>
    public abstract string Explain(Exception failure);
}
