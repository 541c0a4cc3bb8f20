package dev.headstart.train;

import java.util.ArrayList;
import java.util.List;

/// The points of a training, and the losses since the last of them.
final class LearningCurve {
    private double lossSum;
    private long losses;
    private final List<TrainingResult.Point> points = new ArrayList<>();

    void loss(double loss) {
        lossSum += loss;
        losses++;
    }

    /// Adds a point with the mean of the losses since the one before.
    ///
    /// @param metric NaN when it was not measured
    TrainingResult.Point point(long step, double metric) {
        TrainingResult.Point point = new TrainingResult.Point(step, lossSum / Math.max(1, losses), metric);
        points.add(point);
        lossSum = 0;
        losses = 0;
        return point;
    }

    double lossSum() {
        return lossSum;
    }

    long losses() {
        return losses;
    }

    List<TrainingResult.Point> points() {
        return List.copyOf(points);
    }

    void restore(double sum, long count, List<TrainingResult.Point> earlier) {
        lossSum = sum;
        losses = count;
        points.clear();
        points.addAll(earlier);
    }
}
