package dev.headstart.train.cluster;

import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.nn.Layer;
import dev.headstart.nn.Linear;
import dev.headstart.nn.Parts;
import dev.headstart.nn.loss.CrossEntropy;
import dev.headstart.tensor.Indices;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Objective;
import dev.headstart.train.objective.LayerWise;
import java.util.Arrays;

/// Learning from the labels that one's own features suggest (Caron et al. 2018, arXiv 1807.05520): cluster what the body makes of the data, learn to
/// tell the clusters apart, and again.
///
/// ```java
/// Layer body = …;
/// for (int round = 0; round < 10; round++) {
///     DeepCluster clusters = DeepCluster.of(body, data, 50, random.child(round));
///     Trainer.of(clusters, clusters.parameters(), optimizer, batches, random).run(steps);
/// }
/// ```
///
/// A cluster counts as much as another, however many examples it has: so the body gains nothing by putting all into one (section 3.3).
///
/// @param body what is to be pre-trained, `[batch, …] → [batch, width]`
/// @param head new in each round, since the numbers of clusters mean nothing
/// @param data `[examples, …]`
/// @param labels the cluster of each example
/// @param loss in which clusters count alike
@SuppressWarnings("ArrayRecordComponent") // never compared
public record DeepCluster(Layer body, Linear head, Tensor data, int[] labels, CrossEntropy loss) implements Objective {
    /// A round: the data clustered by the body's features of them now, and a new head.
    ///
    /// @param data `[examples, features]`
    /// @param k clusters
    public static DeepCluster of(Layer body, Tensor data, int k, RandomStream random) {
        Tensor features = LayerWise.map(data, x -> body.forward(Variable.of(x)).value());
        Tensor white = Whitening.of(features, 1e-2).apply(features);
        int[] labels = KMeans.of(white, k, random.child("clusters")).assign(white);
        int[] counts = new int[k];
        Arrays.stream(labels).forEach(label -> counts[label]++);
        float[] weights = new float[k];
        for (int i = 0; i < k; i++) {
            weights[i] = counts[i] == 0 ? 0 : labels.length / (k * (float) counts[i]);
        }
        return new DeepCluster(body, new Linear(features.dim(1), k, random.child("head")), data, labels,
                new CrossEntropy(-100, 0, Tensor.of(Shape.of(k), weights)));
    }

    /// What a round learns: `body.**` and `head.**`.
    public Parameters parameters() {
        return Parts.none().with("body", body).with("head", head).parameters();
    }

    @Override
    public Variable loss(int[] examples, RandomStream random) {
        Variable features = body.forward(Variable.of(data.gatherRows(Indices.of(examples))));
        return loss.of(head.forward(features), Indices.of(Arrays.stream(examples).map(i -> labels[i]).toArray()));
    }
}
