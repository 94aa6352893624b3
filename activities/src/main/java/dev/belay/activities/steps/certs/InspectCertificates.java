package dev.belay.activities.steps.certs;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.StepFailure;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.EvidencePath;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.certs.CertificateFinding.Weight;
import dev.belay.model.plan.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at every certificate, kubeconfig and CA of every node, and at the signing requests that wait in the API; changes nothing and stops
 * nothing: what is wrong is its output. The whole typed list is kept in the backup store.
 */
public final class InspectCertificates extends DeclaredStep<Nothing, InspectCertificates.Output> {

    public record Output(
            @Doc("Certificates read") int certificates,
            @Doc("When the first of them ends, RFC 3339") String firstEnd,

            @Doc("Whole days until then; negative when it has passed")
            int daysLeft,

            @Doc("What must be put right") int stops,

            @Doc("Everything found, worst first: weight, code, node, what")
            List<String> findings,

            @Doc("Where the whole list is in the backup store, as JSON")
            String report) {}

    /** What is kept. */
    record Report(String cluster, String at, List<Line> certificates, List<CertificateFinding> findings) {}

    /** A certificate with the days it has left. */
    record Line(
            String node,
            String path,
            String subject,
            String issuer,
            String begin,
            String end,
            long daysLeft,
            boolean authority,
            List<String> names,
            String key,
            String sha256) {

        static Line of(FoundCertificate one, Instant now) {
            return new Line(
                    one.node(),
                    one.path(),
                    one.subject(),
                    one.issuer(),
                    one.begin().toString(),
                    one.end().toString(),
                    one.daysLeft(now),
                    one.authority(),
                    one.names(),
                    one.key(),
                    one.sha256());
        }
    }

    public InspectCertificates() {
        super(
                "certs.inspect",
                "Lists every certificate, kubeconfig and CA of every node with what is wrong with it; changes nothing",
                Nothing.class,
                Output.class,
                Traits.cluster("10m", "5s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        CertificateSurvey survey = CertificateSurvey.of(context);
        Findings unread = new Findings();
        survey.unread().forEach(unread::stop);
        unread.judge();
        List<CertificateFinding> findings = new ArrayList<>(survey.findings());
        findings.addAll(pending(context));
        Instant first = survey.firstEnd().orElse(survey.at());
        int stops = survey.of(Weight.STOP).size();
        Output output = new Output(
                survey.certificates().size(),
                first.toString(),
                (int) Duration.between(survey.at(), first).toDays(),
                stops,
                findings.stream().map(CertificateFinding::toString).toList(),
                keep(context, survey, findings));
        return Done.done(
                output,
                output.certificates() + " certificates, the first ends " + first + "; " + stops + " to put right, "
                        + (findings.size() - stops) + " worth knowing");
    }

    private static List<CertificateFinding> pending(StepContext context) {
        try {
            List<String> names = context.kube().pendingSigningRequests();
            return names.isEmpty()
                    ? List.of()
                    : List.of(new CertificateFinding(
                            Weight.WARN,
                            "CSR_PENDING",
                            "",
                            "certificate signing requests wait: " + String.join(", ", names),
                            "look at each with `kubectl get csr`, then approve or deny it"));
        } catch (StepFailure e) {
            return List.of(new CertificateFinding(
                    Weight.NOTE,
                    "CSR_UNKNOWN",
                    "",
                    "signing requests could not be read: " + e.failure().why(),
                    "look again when an API server answers"));
        }
    }

    private static String keep(StepContext context, CertificateSurvey survey, List<CertificateFinding> findings) {
        String path = EvidencePath.of(context, "certificates-" + context.call().step() + ".json");
        List<Line> lines = survey.certificates().stream()
                .map(one -> Line.of(one, survey.at()))
                .toList();
        try {
            byte[] json = Json.mapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsBytes(
                            new Report(context.inventory().name(), survey.at().toString(), lines, findings));
            context.evidence().store(path, sink -> sink.write(json));
            return path;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
