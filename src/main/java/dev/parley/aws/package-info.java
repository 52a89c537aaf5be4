/// How clients of AWS are built, and the HTTP that all of them share.
///
/// [AwsClients#open] gives a service's client region, credentials, time-outs and retries; [AwsClients#bare] leaves the
/// last two to a caller that has its own. [AwsClients#await] waits for an answer the way virtual threads do.
/// [ObjectStore] is S3 for those who keep or fetch something there, [ObjectListing] for those who look what is there.
///
/// Guarantees: nothing is built, looked up or connected to before somebody asks for a client; on Lambda the instance
/// metadata service, which does not exist there, is never waited for; no second HTTP stack and no pool of threads.
///
/// Not here: what objects mean (`knowledge`, `ingestion`), what is said to other services (`job`, `model.bedrock`).
@Feature
@NullMarked
package dev.parley.aws;

import dev.parley.Feature;
import org.jspecify.annotations.NullMarked;
