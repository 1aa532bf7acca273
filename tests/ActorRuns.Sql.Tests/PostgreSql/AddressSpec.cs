using Npgsql;
using Xunit;

namespace ActorRuns.Sql.Tests.PostgreSql;

public sealed class AddressSpec
{
    [Fact]
    public void An_address_as_other_programs_take_it_says_the_same_as_a_connection_string()
    {
        var address = PostgreSqlAddress.Read(
            "postgresql://ada:l%40velace@db.example:6432/conversations"
            + "?sslmode=require&application_name=runs&connect_timeout=3");

        var said = new NpgsqlConnectionStringBuilder(address.ConnectionString);
        Assert.Equal(
            ("db.example", 6432, "ada", "l@velace", "conversations"),
            (said.Host, said.Port, said.Username, said.Password, said.Database));
        Assert.Equal((SslMode.Require, "runs", 3), (said.SslMode, said.ApplicationName, said.Timeout));
        Assert.Equal("PostgreSQL database 'conversations' at db.example:6432", address.Description);
    }

    [Fact]
    public void What_is_not_said_has_its_usual_value_and_the_pool_the_size_of_the_machine()
    {
        var address = PostgreSqlAddress.Read("postgres://ada@db.example");

        var pooled = new NpgsqlConnectionStringBuilder(address.PooledConnectionString);
        Assert.Equal((5432, "ada", "actorruns"), (pooled.Port, pooled.Database, pooled.ApplicationName));
        Assert.Equal(Math.Clamp(4 * Environment.ProcessorCount, 8, 64), pooled.MaxPoolSize);
        Assert.Equal((5, 10), (pooled.Timeout, pooled.CommandTimeout));
    }

    [Fact]
    public void What_is_said_counts()
    {
        var address = PostgreSqlAddress.Read("Host=h;Username=u;Maximum Pool Size=3;Timeout=1;Command Timeout=2");

        var pooled = new NpgsqlConnectionStringBuilder(address.PooledConnectionString);
        Assert.Equal((3, 1, 2), (pooled.MaxPoolSize, pooled.Timeout, pooled.CommandTimeout));
    }
}
