package dev.parley.job;

import java.time.Duration;

/// A call for a worker.
///
/// @param workload what the job is like, which says whom to call
/// @param delay after which the job may begin
record Ring(Workload workload, Duration delay) {}
