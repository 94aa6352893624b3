package dev.belay.model.expression;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.checker.CelStandardDeclarations.StandardOverload;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The subset of CEL that runbooks may use. Left out on purpose: comprehensions and regexes (they can be made to run for very long), times
 * (there is no clock), and the order of texts ({@code "v1.9" < "v1.10"} is false).
 */
final class Cel {

    /** Longest expression, in characters. */
    static final int LONGEST = 1_000;

    static final List<String> ROOTS = List.of("inputs", "hop", "cluster", "node", "steps");

    private static final Set<String> FUNCTIONS = Set.of(
            "IN",
            "CONDITIONAL",
            "LOGICAL_NOT",
            "LOGICAL_OR",
            "LOGICAL_AND",
            "EQUALS",
            "NOT_EQUALS",
            "ADD",
            "SUBTRACT",
            "MULTIPLY",
            "DIVIDE",
            "MODULO",
            "NEGATE",
            "INDEX",
            "SIZE",
            "INT",
            "STRING",
            "CONTAINS",
            "ENDS_WITH",
            "STARTS_WITH");

    private static final Set<String> COMPARISONS = Set.of("LESS", "LESS_EQUALS", "GREATER", "GREATER_EQUALS");

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(LONGEST)
            .maxParseRecursionDepth(32)
            .maxParseErrorRecoveryLimit(1)
            .enableQuotedIdentifierSyntax(true)
            .enableReservedIds(true)
            .comprehensionMaxIterations(0)
            .build();

    private static final CelCompiler UNTYPED = untyped();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder()
            .setOptions(OPTIONS.toBuilder()
                    .enableHeterogeneousNumericComparisons(true)
                    .build())
            .setStandardFunctions(CelStandardFunctions.newBuilder()
                    .filterFunctions((function, overload) -> isAllowed(function.name(), overload.toString()))
                    .build())
            .build();

    private Cel() {}

    static CelCompiler typed(Map<String, CelType> variables, CelTypeProvider types) {
        CelCompilerBuilder builder = builder().setTypeProvider(types);
        variables.forEach(builder::addVar);
        return builder.build();
    }

    static CelAbstractSyntaxTree parse(String expression) throws CelValidationException {
        return UNTYPED.parse(expression).getAst();
    }

    static CelRuntime.Program program(CelAbstractSyntaxTree parsed)
            throws CelValidationException, CelEvaluationException {
        return RUNTIME.createProgram(UNTYPED.check(parsed).getAst());
    }

    /** What CEL found wrong, first thing only, in one line. */
    static String sentence(CelValidationException failure) {
        List<CelIssue> issues = failure.getErrors();
        String message = issues.isEmpty()
                ? String.valueOf(failure.getMessage())
                : issues.get(0).getMessage();
        int expected = message.indexOf(" expecting ");
        String found = oneLine(expected < 0 ? message : message.substring(0, expected));
        return found.equals("mismatched input '<EOF>'") ? "the expression ends too early" : found;
    }

    /** An expression in a message: in quotes, one line, and not all of it when it is long. */
    static String quoted(String expression) {
        String line = oneLine(expression);
        return line.length() <= 120 ? "\"" + line + "\"" : "\"" + line.substring(0, 117) + "...\"";
    }

    static String oneLine(String message) {
        return message.replaceAll("\\s+", " ").strip();
    }

    private static CelCompiler untyped() {
        CelCompilerBuilder builder = builder();
        ROOTS.forEach(root -> builder.addVar(root, SimpleType.DYN));
        return builder.build();
    }

    private static CelCompilerBuilder builder() {
        return CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(declarations())
                .setStandardMacros(CelStandardMacro.HAS);
    }

    private static CelStandardDeclarations declarations() {
        return CelStandardDeclarations.newBuilder()
                .filterFunctions(Cel::isAllowed)
                .filterIdentifiers(identifier -> false)
                .build();
    }

    private static boolean isAllowed(StandardFunction function, StandardOverload overload) {
        return isAllowed(function.name(), overload.toString());
    }

    /** Compiler and runtime name functions and overloads alike, in enums of their own. */
    private static boolean isAllowed(String function, String overload) {
        return FUNCTIONS.contains(function) || (COMPARISONS.contains(function) && overload.equals(function + "_INT64"));
    }
}
