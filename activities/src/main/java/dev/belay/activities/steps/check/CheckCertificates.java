package dev.belay.activities.steps.check;

import dev.belay.activities.Doc;
import dev.belay.activities.Done;
import dev.belay.activities.StepContext;
import dev.belay.activities.steps.DeclaredStep;
import dev.belay.activities.steps.Findings;
import dev.belay.activities.steps.Nothing;
import dev.belay.activities.steps.certs.CertificateFinding;
import dev.belay.activities.steps.certs.CertificateFinding.Weight;
import dev.belay.activities.steps.certs.CertificateSurvey;
import java.time.Instant;

/**
 * Reads every certificate of every node: the files under {@code pki}, the client certificates inside kubeconfigs, the kubelet's own. Dates
 * are judged expired first; each certificate against its own CA, key and names; what is shared must be the same on all control planes. An
 * upgrade renews what kubeadm made, but with one that has expired already it cannot begin.
 */
public final class CheckCertificates extends DeclaredStep<Nothing, CheckCertificates.Output> {

    public record Output(
            @Doc("Certificates read") int certificates,
            @Doc("When the first of them ends, RFC 3339") String firstEnd) {}

    public CheckCertificates() {
        super(
                "check.certificates",
                "Reads every certificate of every node: dates, its own CA, and that all control planes share the CAs",
                Nothing.class,
                Output.class,
                Traits.cluster("10m", "3s"));
    }

    @Override
    public Done<Output> run(Nothing input, StepContext context) {
        CertificateSurvey survey = CertificateSurvey.of(context);
        Findings findings = new Findings();
        survey.unread().forEach(findings::stop);
        survey.of(Weight.STOP).forEach(stop -> add(stop, findings));
        survey.of(Weight.WARN).forEach(warning -> findings.warn(warning.said()));
        findings.judge();
        String first = String.valueOf(survey.firstEnd().orElse(Instant.MAX));
        int count = survey.certificates().size();
        return Done.done(
                new Output(count, first), findings.report(count + " certificates are valid; the first ends " + first));
    }

    /** A name that is missing was missing before: an upgrade makes it neither better nor worse. */
    private static void add(CertificateFinding stop, Findings findings) {
        if (stop.code().equals("SAN_MISSING")) {
            findings.warn(stop.said());
        } else {
            findings.stop(stop.code(), stop.said(), stop.remedy());
        }
    }
}
