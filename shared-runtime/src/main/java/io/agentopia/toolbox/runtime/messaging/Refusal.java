package io.agentopia.toolbox.runtime.messaging;

import io.agentopia.toolbox.events.EventTooLargeException;
import java.util.Optional;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Tells what the broker refuses for good from what passes by itself. Pure. What is not known here
 * passes: a record that is tried again too often is seen in the log, one that is given up too early
 * is a wish that nobody fulfils.
 */
final class Refusal {
  private Refusal() {}

  /**
   * @param thrown by sending a record
   * @return why no attempt will do better; empty if another one may
   */
  static Optional<Failure.Permanent> of(Throwable thrown) {
    return switch (thrown) {
      case RecordTooLargeException e -> refused("record_too_large", e);
      case RecordBatchTooLargeException e -> refused("record_too_large", e);
      case TopicAuthorizationException e -> refused("topic_not_allowed", e);
      case InvalidTopicException e -> refused("topic_invalid", e);
      case UnknownTopicOrPartitionException e -> refused("topic_unknown", e);
      case InvalidRecordException e -> refused("record_invalid", e);
      case PolicyViolationException e -> refused("record_invalid", e);
      case SerializationException e -> refused("record_invalid", e);
      case EventTooLargeException e -> refused("record_too_large", e);
      // The client waited for a topic, and each answer was that there is none.
      case TimeoutException e when e.getCause() instanceof UnknownTopicOrPartitionException ->
          refused("topic_unknown", e);
      default -> Optional.empty();
    };
  }

  private static Optional<Failure.Permanent> refused(String code, Exception e) {
    return Optional.of(new Failure.Permanent(code, String.valueOf(e.getMessage())));
  }
}
