namespace Akka.TestKit;

/// <summary>Marks a kit whose test actor is not to become the sender of what the test tells.</summary>
public interface INoImplicitSender;
