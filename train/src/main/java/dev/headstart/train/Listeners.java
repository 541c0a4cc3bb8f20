package dev.headstart.train;

import java.util.List;

/// Several listeners as one, called in order.
record Listeners(List<TrainingListener> all) implements TrainingListener {
    @Override
    public void began(String phase, long done, long steps) {
        all.forEach(listener -> listener.began(phase, done, steps));
    }

    @Override
    public void stepped(int examples, double loss) {
        all.forEach(listener -> listener.stepped(examples, loss));
    }

    @Override
    public void validated(String metric, double value) {
        all.forEach(listener -> listener.validated(metric, value));
    }

    @Override
    public void noted(String figure, String value) {
        all.forEach(listener -> listener.noted(figure, value));
    }

    @Override
    public void warned(String message) {
        all.forEach(listener -> listener.warned(message));
    }

    @Override
    public void ended() {
        all.forEach(TrainingListener::ended);
    }

    @Override
    public void failed() {
        all.forEach(TrainingListener::failed);
    }
}
