using ActorRuns.Engine.Contract;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Xunit;

namespace ActorRuns.Engine.Tests.Persistence;

/// <summary>Several adapters of one type of event, of which the engine contract says nothing.</summary>
public sealed class EventAdapterListSpec() : ContractTest("akka.persistence.journal.plugin = \"\"")
{
    private sealed class Doubling : IEventAdapter
    {
        public string Manifest(object evt) => "doubled";

        public object ToJournal(object evt) => $"{evt}{evt}";

        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Create(evt, evt);
    }

    private sealed class Naming : IReadEventAdapter
    {
        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Single($"named {evt}");
    }

    private sealed class Dropping : IReadEventAdapter
    {
        public IEventSequence FromJournal(object evt, string manifest) => EventSequence.Empty;
    }

    private sealed class NoAdapter;

    [Fact]
    public void What_each_of_them_reads_follows_one_another_in_the_order_of_the_list()
    {
        var adapters = Create("[doubling, dropping, naming]");

        Assert.Equal(["a", "a", "named a"], Read(adapters, "a"));
    }

    [Fact]
    public void Several_are_for_reading_only_and_the_event_is_written_as_it_is()
    {
        var written = Create("[doubling, naming]").ToJournal(new Persistent("a", 1, "id"));

        Assert.Equal("a", written.Payload);
        Assert.Equal("", written.Manifest);
    }

    [Theory]
    [InlineData("doubling")]
    [InlineData("[doubling]")]
    public void One_in_a_list_is_as_one_without(string names)
    {
        var written = Create(names).ToJournal(new Persistent("a", 1, "id"));

        Assert.Equal("aa", written.Payload);
        Assert.Equal("doubled", written.Manifest);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    public void None_leave_the_event_as_it_is(string names) => Assert.Equal(["a"], Read(Create(names), "a"));

    [Fact]
    public void A_name_that_is_not_there_is_told_with_its_section()
    {
        var message = Assert.Throws<ConfigurationException>(() => Create("[doubling, tripling]")).Message;

        Assert.Equal(
            "my.journal.event-adapter-bindings names the event adapter 'tripling', but there is none.", message);
    }

    [Fact]
    public void A_class_that_is_no_adapter_is_told_with_its_key()
    {
        var message = Assert.Throws<ConfigurationException>(
            () => Create("doubling", $"wrong = {ClassName<NoAdapter>()}")).Message;

        Assert.StartsWith("my.journal.event-adapters.wrong is '", message);
    }

    private EventAdapters Create(string names, string more = "") => EventAdapters.Create(
        (ExtendedActorSystem)Sys,
        "my.journal",
        ConfigurationFactory.ParseString(
            $$"""
            event-adapters {
                doubling = {{ClassName<Doubling>()}}
                naming = {{ClassName<Naming>()}}
                dropping = {{ClassName<Dropping>()}}
                {{more}}
            }
            event-adapter-bindings { {{ClassName<string>()}} = {{names}} }
            """));

    private static List<object> Read(EventAdapters adapters, object stored)
    {
        var events = new List<object>();
        adapters.FromJournal(new Persistent(stored, 1, "id"), e => events.Add(e.Payload));
        return events;
    }
}
