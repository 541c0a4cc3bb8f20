package dev.headstart.train.objective;

import dev.headstart.autograd.Variable;
import dev.headstart.tensor.RandomStream;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Several objectives learnt at once: the weighted sum of their losses, each on a batch of its own examples.
///
/// An example of the sum is a *round*: round r is batch r of every task, each of which goes through its own examples in its own epochs.
/// It is trained with [Batches#rounds]:
///
/// ```java
/// Objective topics = …, languages = …;
/// Objective both = new MultiTask(List.of(
///         new MultiTask.Task("topic", topics, 1, Batches.of(4800, 32, random.child("topic"))),
///         new MultiTask.Task("language", languages, 0.5f, Batches.of(9600, 16, random.child("language")))));
/// Trainer.of(both, parameters, optimizer, Batches.rounds(), random).run(1000);
/// ```
///
/// @param tasks the tasks, at least one, with different names
public record MultiTask(List<Task> tasks) implements Objective {
    /// One of the tasks.
    ///
    /// @param name what it is called; its random stream hangs on it
    /// @param objective what is to be learnt
    /// @param weight what its loss is multiplied by, positive
    /// @param batches which of its examples are learnt when
    public record Task(String name, Objective objective, float weight, Batches batches) {
        public Task {
            if (!(weight > 0 && weight < Float.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("multi-task: task " + name + " has weight " + weight + ": a positive one is needed");
            }
        }
    }

    public MultiTask {
        tasks = List.copyOf(tasks);
        Set<String> names = new HashSet<>(tasks.stream().map(Task::name).toList());
        if (tasks.isEmpty() || names.size() != tasks.size()) {
            throw new IllegalArgumentException("multi-task: the tasks are " + tasks.stream().map(Task::name).toList()
                    + ": at least one, with different names");
        }
    }

    /// The weighted sum of the tasks' losses in a round.
    ///
    /// @param examples the number of the round, alone
    @Override
    public Variable loss(int[] examples, RandomStream random) {
        if (examples.length != 1) {
            throw new IllegalArgumentException(
                    "multi-task: " + examples.length + " rounds in a step: there is one: train with Batches.rounds()");
        }
        return tasks.stream()
                .map(task -> task.objective.loss(task.batches.batch(examples[0]), random.child(task.name)).times(task.weight))
                .reduce(Variable::plus).orElseThrow();
    }
}
