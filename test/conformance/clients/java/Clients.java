import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import software.amazon.awssdk.auth.credentials.*;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleWithWebIdentityCredentialsProvider;

/**
 * usage: Clients assume-role|web-identity|default ENDPOINT ROLE_ARN TOKEN_FILE BUCKET
 *
 * Gets credentials in one of three ways, says whose they are, and sends and fetches objects in the bucket. `assume-role` is
 * signed by what the default chain finds. Prints "refused CODE" and ends with 1 when AWS's code is the answer.
 */
public class Clients {
  public static void main(String[] a) throws Exception {
    try {
      work(a[0], URI.create(a[1]), a[2], a[3], a[4]);
    } catch (AwsServiceException refusal) {
      System.out.println("refused " + refusal.awsErrorDetails().errorCode());
      System.exit(1);
    }
  }

  static void work(String way, URI endpoint, String role, String tokenFile, String bucket) throws Exception {
    var chain = DefaultCredentialsProvider.builder().build();
    AwsCredentialsProvider credentials = switch (way) {
      case "assume-role" -> StsAssumeRoleCredentialsProvider.builder()
          .stsClient(StsClient.builder().endpointOverride(endpoint).credentialsProvider(chain).build())
          .refreshRequest(r -> r.roleArn(role).roleSessionName("java")).build();
      case "web-identity" -> {
        var token = Files.readString(Path.of(tokenFile));
        var anonymous = AnonymousCredentialsProvider.create();
        yield StsAssumeRoleWithWebIdentityCredentialsProvider.builder()
            .stsClient(StsClient.builder().endpointOverride(endpoint).credentialsProvider(anonymous).build())
            .refreshRequest(r -> r.roleArn(role).roleSessionName("java").webIdentityToken(token)).build();
      }
      default -> chain; // Endpoints come from the environment alone.
    };
    var sts = StsClient.builder().credentialsProvider(credentials);
    var s3 = S3Client.builder().credentialsProvider(credentials).forcePathStyle(true);
    if (!way.equals("default")) {
      sts.endpointOverride(endpoint);
      s3.endpointOverride(endpoint);
    }
    System.out.println("caller " + sts.build().getCallerIdentity().arn());
    try (var client = s3.build()) {
      for (int size : new int[] {0, 1 << 10, 6 << 20}) {
        var bytes = new byte[size];
        new Random().nextBytes(bytes);
        var key = way + "/käy + " + size;
        client.putObject(r -> r.bucket(bucket).key(key).contentType("text/x"), RequestBody.fromBytes(bytes));
        var got = client.getObjectAsBytes(r -> r.bucket(bucket).key(key));
        if (!Arrays.equals(got.asByteArray(), bytes)) throw new IllegalStateException(key + " came back otherwise");
        if (!got.response().contentType().equals("text/x")) throw new IllegalStateException(key + " has another type");
      }
      System.out.println("objects " + client.listObjectsV2(r -> r.bucket(bucket).prefix(way + "/")).keyCount());
      client.listObjectsV2Paginator(r -> r.bucket(bucket).maxKeys(2)).contents()
          .forEach(each -> client.deleteObject(r -> r.bucket(bucket).key(each.key())));
    }
  }
}
