package dev.belay.twin.machine;

import dev.belay.activities.host.CommandOutput;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What root does with folders and transient units. Nothing of the system's own can be removed or stopped. */
final class RootShell {

    private static final Pattern OWN = Pattern.compile("/var/lib/belay-[a-z0-9-]+");
    private static final Pattern MARKED = Pattern.compile("/.*\\bbelay-[a-z0-9][^/]*");
    private static final Pattern UNITS = Pattern.compile(Pattern.quote(EtcdService.DROP_INS));
    private static final Pattern UNIT = Pattern.compile("belay-[a-z0-9-]+");
    private static final int NOT_LOADED = 5;

    private final Machine machine;

    RootShell(Machine machine) {
        this.machine = machine;
    }

    /** Empty for a call that is not known. */
    Optional<CommandOutput> run(List<String> argv) {
        return switch (argv.get(0)) {
            case "mkdir" ->
                folder(argv, List.of("mkdir", "-p", "-m", "0700"))
                        .or(() -> marked(argv, List.of("mkdir", "-p", "-m", "0700")))
                        .or(() -> path(argv, List.of("mkdir", "-p", "-m", "0755"), UNITS))
                        .map(this::made);
            case "rm" ->
                folder(argv, List.of("rm", "-rf", "--one-file-system"))
                        .or(() -> marked(argv, List.of("rm", "-rf", "--")))
                        .map(this::removed);
            case "test", "mv", "chown", "chmod", "mountpoint" -> new PathShell(machine.files()).run(argv);
            case "ss" ->
                argv.equals(List.of("ss", "-Hltn"))
                        ? Optional.of(said(machine.units().listening()))
                        : Optional.empty();
            default -> machine.units().run(argv);
        };
    }

    Optional<CommandOutput> stop(String unit) {
        if (!UNIT.matcher(unit).matches()) {
            return Optional.empty();
        }
        return Optional.of(
                machine.units().stop(unit)
                        ? said("")
                        : new CommandOutput(
                                NOT_LOADED,
                                "",
                                "Failed to stop " + unit + ".service: Unit " + unit + ".service not loaded.\n"));
    }

    private CommandOutput made(String path) {
        machine.files().addFolder(path);
        return said("");
    }

    private CommandOutput removed(String path) {
        machine.files().removeTree(path);
        machine.files().remove(path);
        return said("");
    }

    private static Optional<String> folder(List<String> argv, List<String> start) {
        return path(argv, start, OWN);
    }

    private static Optional<String> marked(List<String> argv, List<String> start) {
        return path(argv, start, MARKED);
    }

    private static Optional<String> path(List<String> argv, List<String> start, Pattern allowed) {
        int last = argv.size() - 1;
        boolean known = last == start.size() && argv.subList(0, last).equals(start);
        return Optional.of(argv.get(last))
                .filter(path -> known && allowed.matcher(path).matches());
    }

    private static CommandOutput said(String out) {
        return new CommandOutput(0, out, "");
    }
}
