/// Models on Amazon Bedrock, whoever made them, by its Converse API and the AWS SDK.
///
/// Credentials are the SDK's affair: a role on Lambda, ECS, EKS and EC2, environment or profile elsewhere. A model's
/// name is a model id, an inference profile or its ARN.
///
/// Not here: retries, fallbacks, prices and limits (`model`).
@NullMarked
package dev.parley.model.bedrock;

import org.jspecify.annotations.NullMarked;
