package io.agentopia.toolbox.agent.docker;

import static io.agentopia.toolbox.agent.docker.DockerErrors.ask;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.DockerClientException;
import com.github.dockerjava.api.model.PullResponseItem;
import io.agentopia.toolbox.agent.tools.ImageReference;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One pull, limited in time. */
final class ImagePull extends ResultCallback.Adapter<PullResponseItem> {
  private volatile String error;

  static void run(EngineConnection engine, String image, Duration limit) {
    var reference = ImageReference.parse(image);
    var what = "pulling image " + image;
    var done =
        ask(
            what,
            () -> {
              var command = engine.patient().pullImageCmd(reference.repository());
              if (reference.tag() != null) {
                command.withTag(reference.tag());
              }
              return command.exec(new ImagePull()).endsWithin(limit, what);
            });
    if (!done) {
      throw new DockerRefusal(
          DockerRefusal.Kind.TIMEOUT, what + ": not done after " + limit.toSeconds() + " s", null);
    }
  }

  /** Closing the stream also ends a pull that is not done. */
  private boolean endsWithin(Duration limit, String what) {
    try (this) {
      return awaitCompletion(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DockerUnavailable(what + ": interrupted", e);
    } catch (IOException e) {
      throw new DockerUnavailable(what + ": the stream broke", e);
    }
  }

  /** Docker sends the error inside a stream that began with 200. */
  @Override
  public void onNext(PullResponseItem item) {
    if (item.getErrorDetail() != null && item.getErrorDetail().getMessage() != null) {
      error = item.getErrorDetail().getMessage();
    }
  }

  @Override
  protected void throwFirstError() {
    super.throwFirstError();
    if (error != null) {
      throw new DockerClientException(error);
    }
  }
}
