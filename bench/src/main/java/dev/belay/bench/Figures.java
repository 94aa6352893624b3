package dev.belay.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measurements of one thing: said as median, and smallest and largest beside it. */
record Figures(List<Double> values) {

    Figures {
        values = List.copyOf(values);
    }

    static Figures none() {
        return new Figures(List.of());
    }

    Figures with(double value) {
        List<Double> more = new ArrayList<>(values);
        more.add(value);
        return new Figures(more);
    }

    /** Each divided by the other's of the same round. */
    Figures over(Figures other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
            ratios.add(values.get(i) / other.values.get(i));
        }
        return new Figures(ratios);
    }

    /** All but the first, which found everything cold. */
    Figures withoutFirst() {
        return new Figures(values.subList(1, values.size()));
    }

    double median() {
        return quantile(0.5);
    }

    double quantile(double part) {
        List<Double> sorted = values.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return Double.NaN;
        }
        double at = part * (sorted.size() - 1);
        int below = (int) Math.floor(at);
        int above = (int) Math.ceil(at);
        return sorted.get(below) + (at - below) * (sorted.get(above) - sorted.get(below));
    }

    String text(String unit) {
        return String.format(
                Locale.ROOT, "%s%s (%s to %s)", plain(median()), unit, plain(quantile(0)), plain(quantile(1)));
    }

    static String plain(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
