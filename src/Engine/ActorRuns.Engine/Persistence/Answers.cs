namespace Akka.Persistence;

/// <summary>A snapshot was saved.</summary>
/// <param name="Metadata">Which one.</param>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata);

/// <summary>A snapshot was not saved.</summary>
/// <param name="Metadata">Which one.</param>
/// <param name="Cause">Why not.</param>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

/// <summary>A snapshot was deleted, or there was none.</summary>
/// <param name="Metadata">Which one.</param>
public sealed record DeleteSnapshotSuccess(SnapshotMetadata Metadata);

/// <summary>A snapshot was not deleted.</summary>
/// <param name="Metadata">Which one.</param>
/// <param name="Cause">Why not.</param>
public sealed record DeleteSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

/// <summary>Snapshots were deleted.</summary>
/// <param name="Criteria">Which ones.</param>
public sealed record DeleteSnapshotsSuccess(SnapshotSelectionCriteria Criteria);

/// <summary>Snapshots were not deleted.</summary>
/// <param name="Criteria">Which ones.</param>
/// <param name="Cause">Why not.</param>
public sealed record DeleteSnapshotsFailure(SnapshotSelectionCriteria Criteria, Exception Cause);

/// <summary>Events were deleted.</summary>
/// <param name="ToSequenceNr">The number up to which.</param>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);

/// <summary>Events were not deleted.</summary>
/// <param name="Cause">Why not.</param>
/// <param name="ToSequenceNr">The number up to which they should have been.</param>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);
