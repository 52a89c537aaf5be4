package dev.parley.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;

/// Where a process finds who it is: in the order of the SDK's own default chain, with a web identity over the HTTP
/// client that is there, and instance metadata only where there may be an instance.
///
/// Source: https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
final class Credentials {

    private Credentials() {}

    static AwsCredentialsProvider ofThisProcess(Map<String, String> environment) {
        List<AwsCredentialsProvider> places = new ArrayList<>();
        places.add(SystemPropertyCredentialsProvider.create());
        places.add(EnvironmentVariableCredentialsProvider.create());
        WebIdentity.of(environment).ifPresent(places::add);
        places.add(ProfileCredentialsProvider.create());
        places.add(ContainerCredentialsProvider.create());
        if (!environment.containsKey("AWS_LAMBDA_FUNCTION_NAME")) {
            places.add(InstanceProfileCredentialsProvider.create());
        }
        return AwsCredentialsProviderChain.of(places.toArray(AwsCredentialsProvider[]::new));
    }
}
