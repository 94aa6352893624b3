package dev.belay.cli;

import dev.belay.model.runbook.Problem;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "lint", description = "Checks runbooks and inventories; every problem at once, with file:line:column.")
final class LintVerb extends Verb {

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Runbooks and inventories")
    private List<String> files = List.of();

    LintVerb(Terminal terminal) {
        super(terminal);
    }

    @Override
    Exit run() {
        List<Problem> problems = files.stream()
                .flatMap(file -> Documents.problems(file).stream())
                .toList();
        String text = problems.stream().map(problem -> problem + "\n").collect(Collectors.joining());
        print(
                problems.isEmpty() ? "no problems in " + String.join(", ", files) + "\n" : text,
                Map.of("problems", problems));
        return problems.isEmpty() ? Exit.OK : Exit.FINDINGS;
    }
}
