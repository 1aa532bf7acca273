using ActorRuns.Cluster;
using Xunit;

namespace ActorRuns.Domain.Tests.Cluster;

/// <summary>
/// Members on one lease table, with clocks that go wrong by up to five in a hundred, answers that come late, and
/// members
/// that are held up for a while, crash, leave and come back: nobody ever believes to own what another one does too.
/// </summary>
public sealed class LeaseSimulationSpec
{
    private const int Shards = 8;
    private static readonly LeaseTerms Terms = new(TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void No_shard_ever_has_two_owners_that_believe_to_be_so(int seed)
    {
        var world = new World(new Random(seed), members: 4);

        for (var step = 0; step < 20_000; step++)
        {
            world.Step();
            var owners = world.BelievedOwners();
            Assert.True(owners.All(owner => owner.Value is 1), $"Seed {seed}, step {step}, {world.Now}: two owners.");
        }

        Assert.True(world.Changes > 100, $"Seed {seed}: only {world.Changes} changes of ownership.");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Once_nothing_fails_any_more_all_shards_are_owned_and_fairly_so(int seed)
    {
        var world = new World(new Random(seed), members: 4);
        for (var step = 0; step < 5_000; step++)
            world.Step();

        world.Calm();
        for (var step = 0; step < 1_000; step++)
            world.Step();

        Assert.Equal([2, 2, 2, 2], world.Held().Order());
    }

    /// <summary>The database and its members; real time is the database's.</summary>
    private sealed class World(Random random, int members)
    {
        private readonly Lease[] _table =
            [.. Enumerable.Range(0, Shards).Select(_ => new Lease(null, 0, TimeSpan.Zero))];

        private readonly List<Process> _processes =
            [.. Enumerable.Range(1, members).Select(number => new Process(number, random))];

        private bool _isCalm;

        public TimeSpan Now { get; private set; }

        public int Changes { get; private set; }

        public void Calm() => _isCalm = true;

        public IEnumerable<int> Held() => _processes.Select(process => process.Believes(Now).Count());

        public Dictionary<Shard, int> BelievedOwners() => _processes
            .SelectMany(process => process.Believes(Now))
            .GroupBy(shard => shard)
            .ToDictionary(shard => shard.Key, shard => shard.Count());

        public void Step()
        {
            Now += TimeSpan.FromMilliseconds(random.Next(1, 400));
            foreach (var process in _processes)
            {
                if (!_isCalm)
                    process.Suffer(Now, random);
                if (process.IsHeldUp(Now))
                    continue;

                if (process.Question is { } question && question.ArrivesAt <= Now && question.Answer is null)
                    process.Question = question with { Answer = Decide(process, question) };
                if (process.Question is { Answer: { } answer } answered && answered.ReturnsAt <= Now)
                    process.Take(answer, answered.SentAt, Now);
                process.Ask(Now, random, _isCalm);
            }

            // What was sent is decided by the database also when the one who sent it is held up, or gone.
            foreach (var process in _processes.Where(process => process.IsHeldUp(Now)))
            {
                if (process.Question is { } question && question.ArrivesAt <= Now && question.Answer is null)
                    process.Question = question with { Answer = Decide(process, question) };
            }
        }

        /// <summary>What the database does with a question, at its own time.</summary>
        private List<ShardLease> Decide(Process process, Question question)
        {
            foreach (var given in question.GivesBack)
            {
                if (_table[given.Shard.Number] is var lease && lease.Owner == process.Id && lease.Epoch == given.Epoch)
                    _table[given.Shard.Number] = lease with { Owner = null, ExpiresAt = TimeSpan.Zero };
            }

            foreach (var held in question.Renews)
            {
                var lease = _table[held.Shard.Number];
                if (lease.Owner == process.Id && lease.Epoch == held.Epoch && lease.ExpiresAt > Now)
                    _table[held.Shard.Number] = lease with { ExpiresAt = Now + Terms.Ttl };
            }

            var share = Shards / members;
            for (var number = 0; number < Shards; number++)
            {
                var lease = _table[number];
                var owned = _table.Count(other => other.Owner == process.Id && other.ExpiresAt > Now);
                var isMineAndForgotten = lease.Owner == process.Id
                    && question.Renews.All(held => held.Shard.Number != number);
                if (isMineAndForgotten || (lease.ExpiresAt <= Now && owned < share + (_isCalm ? 0 : 2)))
                {
                    _table[number] = new Lease(process.Id, lease.Epoch + 1, Now + Terms.Ttl);
                    Changes++;
                }
            }

            return
            [
                .. _table.Select((lease, number) => (lease, number))
                    .Where(row => row.lease.Owner == process.Id && row.lease.ExpiresAt > Now)
                    .Select(row => new ShardLease(new Shard(row.number), row.lease.Owner, row.lease.Epoch, Terms.Ttl)),
            ];
        }
    }

    private sealed record Lease(MemberId? Owner, long Epoch, TimeSpan ExpiresAt);

    private sealed record Question(
        TimeSpan SentAt,
        TimeSpan ArrivesAt,
        TimeSpan ReturnsAt,
        IReadOnlyCollection<HeldLease> Renews,
        IReadOnlyCollection<HeldLease> GivesBack)
    {
        public List<ShardLease>? Answer { get; init; }
    }

    /// <summary>A member, with a clock that starts anywhere and goes a little too slow or too fast.</summary>
    private sealed class Process
    {
        private readonly double _rate;
        private readonly TimeSpan _offset;
        private HeldLeases _held = HeldLeases.None;
        private TimeSpan _heldUpUntil;
        private TimeSpan _asksAt;

        public Process(int number, Random random)
        {
            Id = new MemberId(new Guid(number, 0, 0, new byte[8]));
            _rate = 0.95 + (random.NextDouble() * 0.1);
            _offset = TimeSpan.FromSeconds(random.Next(0, 1_000_000));
        }

        public MemberId Id { get; private set; }

        public Question? Question { get; set; }

        public bool IsHeldUp(TimeSpan now) => now < _heldUpUntil;

        /// <summary>
        /// What it would act on at this moment, held up or not: who asks its own clock does nothing late.
        /// </summary>
        public IEnumerable<Shard> Believes(TimeSpan now) =>
            _held.All.Where(lease => lease.StopAt > Clock(now)).Select(lease => lease.Shard);

        public void Suffer(TimeSpan now, Random random)
        {
            var fate = random.Next(0, 2_000);
            if (fate < 4)
            {
                _heldUpUntil = now + TimeSpan.FromSeconds(random.Next(1, 40));
            }
            else if (fate < 6)
            {
                // A crash, and a start under another name.
                _held = HeldLeases.None;
                Id = new MemberId(new Guid(random.Next(), 0, 1, new byte[8]));
                Question = null;
                _asksAt = now + TimeSpan.FromSeconds(random.Next(0, 5));
            }
        }

        public void Ask(TimeSpan now, Random random, bool isCalm)
        {
            _held = _held.Expire(Clock(now)).Held;
            if (now < _asksAt || Question is not null)
                return;

            var giveBack = !isCalm && random.Next(0, 10) is 0
                ? _held.All.Take(1).ToList()
                : isCalm ? _held.All.Skip(Shards / 4).ToList() : [];
            _held = _held.Without(giveBack.Select(lease => lease.Shard)); // Stopped first, and then given back.
            var slow = isCalm ? 100 : random.Next(0, 20) is 0 ? 15_000 : 500;
            var arrives = now + TimeSpan.FromMilliseconds(random.Next(0, slow));
            var returns = arrives + TimeSpan.FromMilliseconds(random.Next(0, slow));
            Question = new Question(Clock(now), arrives, returns, _held.All, giveBack);
            _asksAt = now + Terms.RenewEvery;
        }

        public void Take(List<ShardLease> granted, TimeSpan sentAt, TimeSpan now)
        {
            _held = _held.Answered(granted, sentAt, Clock(now), Terms).Held;
            Question = null;
        }

        private TimeSpan Clock(TimeSpan now) => _offset + (now * _rate);
    }
}
