package io.agentopia.toolbox.system.fault;

import static java.lang.constant.ConstantDescs.CD_Long;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_long;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The clock of the machine that one service runs on, to be set while it runs. As a Java agent in
 * that service it makes {@code java.time} show so many seconds more as a file says.
 */
public final class MachineClock implements ClassFileTransformer {
  private static final String AHEAD = "toolbox.test.clock-ahead";
  private static final ClassDesc INSTANT = ClassDesc.of("java.time.Instant");
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Path file;
  private final Path jar;

  private MachineClock(Path file, Path jar) {
    this.file = file;
    this.jar = jar;
  }

  static MachineClock of(String service, Path dir) throws IOException {
    var clock = new MachineClock(dir.resolve(service + ".clock"), dir.resolve("clock.jar"));
    clock.setAhead(Duration.ZERO);
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", MachineClock.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    var name = MachineClock.class.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(clock.jar), manifest);
        var in = MachineClock.class.getResourceAsStream("/" + name)) {
      out.putNextEntry(new JarEntry(name));
      in.transferTo(out);
    }
    return clock;
  }

  /** Of the service that shall go by this clock. */
  Map<String, String> environment() {
    return Map.of("JAVA_TOOL_OPTIONS", "-javaagent:" + jar + "=" + file);
  }

  /** Negative: behind. */
  void setAhead(Duration ahead) throws IOException {
    Files.writeString(file, Long.toString(ahead.toSeconds()));
  }

  /** In the service. */
  public static void premain(String file, Instrumentation jvm) throws Exception {
    var clock = new MachineClock(Path.of(file), null);
    jvm.addTransformer(clock, true);
    jvm.retransformClasses(Clock.class);
    Thread.ofPlatform().daemon().name("machine-clock").start(clock::follow);
  }

  private void follow() {
    while (true) {
      try {
        var ahead = Files.readString(file);
        if (!ahead.isEmpty()) { // just being written
          System.setProperty(AHEAD, ahead);
        }
      } catch (IOException e) {
        return; // the test is over
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  @Override
  public byte[] transform(
      ClassLoader loader, String name, Class<?> type, ProtectionDomain domain, byte[] bytes) {
    if (!"java/time/Clock".equals(name)) {
      return null;
    }
    var file = ClassFile.of();
    return file.transformClass(
        file.parse(bytes),
        ClassTransform.transformingMethodBodies(
            method -> method.methodName().equalsString("currentInstant"),
            (code, element) -> {
              if (element instanceof ReturnInstruction) {
                code.ldc(AHEAD)
                    .lconst_0()
                    .invokestatic(
                        CD_Long, "getLong", MethodTypeDesc.of(CD_Long, CD_String, CD_long))
                    .invokevirtual(CD_Long, "longValue", MethodTypeDesc.of(CD_long))
                    .invokevirtual(INSTANT, "plusSeconds", MethodTypeDesc.of(INSTANT, CD_long));
              }
              code.with(element);
            }));
  }
}
