package dev.belay.twin.machine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** {@code apt-get update} and {@code apt-get install} as jobs. Two of them on one node wait for each other's lock. */
public final class AptGet {

    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration UPDATE = Duration.ofSeconds(4);
    private static final Duration INSTALL = Duration.ofSeconds(7);
    private static final int APT_FAILED = 100;

    private final Machine machine;

    public AptGet(Machine machine) {
        this.machine = machine;
    }

    /** The program of one {@code apt-get ...}. */
    public List<Consumer<HostProcess>> program(List<String> argv) {
        Packages packages = machine.packages();
        Consumer<HostProcess> act =
                switch (argv.get(1)) {
                    case "update" -> this::update;
                    case "install" -> process -> install(process, wanted(argv), argv.contains("--allow-downgrades"));
                    default -> AptGet::unknown;
                };
        Duration takes = argv.get(1).equals("update") ? UPDATE : INSTALL;
        return List.of(
                HostProcess.await(() -> !packages.isLocked(), LOCK_TIMEOUT, AptGet::locked),
                packages::lockFor,
                process -> process.pause(takes),
                act);
    }

    private void update(HostProcess process) {
        List<String> complaints = machine.packages()
                .update(machine.files().text(machine.packages().sourceFile()).orElse(""));
        if (complaints.isEmpty()) {
            process.say("Reading package lists...");
            return;
        }
        fail(process, complaints);
    }

    private void install(HostProcess process, Map<String, String> wanted, boolean down) {
        process.say("Reading package lists...\nBuilding dependency tree...\nReading state information...");
        List<String> refused = machine.packages().refuses(wanted, down);
        if (!refused.isEmpty()) {
            fail(process, refused);
            return;
        }
        wanted.forEach((name, version) -> {
            if (machine.packages().version(name).filter(version::equals).isPresent()) {
                process.say(name + " is already the newest version (" + version + ").");
            } else {
                process.say(
                        "Unpacking " + name + " (" + version + ") ...\nSetting up " + name + " (" + version + ") ...");
                machine.packages().install(name, version);
            }
        });
    }

    private void fail(HostProcess process, List<String> complaints) {
        complaints.forEach(process::say);
        process.exit(APT_FAILED);
    }

    private static void unknown(HostProcess process) {
        process.say("E: Invalid operation");
        process.exit(APT_FAILED);
    }

    private static void locked(HostProcess process) {
        process.say("E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by another process");
        process.exit(APT_FAILED);
    }

    private static Map<String, String> wanted(List<String> argv) {
        Map<String, String> wanted = new LinkedHashMap<>();
        argv.stream()
                .skip(2)
                .filter(word -> !word.startsWith("-") && word.indexOf('=') > 0 && !word.contains("::"))
                .forEach(word -> {
                    int at = word.indexOf('=');
                    wanted.put(word.substring(0, at), word.substring(at + 1));
                });
        return wanted;
    }
}
