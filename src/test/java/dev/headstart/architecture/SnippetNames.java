package dev.headstart.architecture;

import dev.headstart.autograd.Parameter;
import dev.headstart.autograd.Parameters;
import dev.headstart.autograd.Variable;
import dev.headstart.io.data.Image;
import dev.headstart.io.data.LabelledImages;
import dev.headstart.optim.Optimizer;
import dev.headstart.task.Classification;
import dev.headstart.task.model.Pretrained;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Tensor;
import dev.headstart.train.Batches;
import dev.headstart.train.Objective;
import dev.headstart.zoo.model.ImageClassifier;
import java.nio.file.Path;
import java.util.List;

/// The variables that a snippet of documentation may use without declaring them. Nothing of this ever runs.
public interface SnippetNames {
    ImageClassifier model = any();
    Parameters parameters = any();
    Objective objective = any();
    Optimizer optimizer = any();
    Batches batches = any();
    RandomStream random = any();
    Tensor data = any();
    Tensor a = any();
    Tensor b = any();
    Variable x = any();
    Parameter weight = any();
    Parameter bias = any();
    List<String> texts = any();
    int[] labels = any();
    int step = any();
    int steps = any();
    Path folder = any();
    Pretrained pretrained = any();
    Classification<?> task = any();
    LabelledImages pictures = any();
    Image picture = any();

    /// What `…` stands for in a snippet.
    @SuppressWarnings({"DoNotCallSuggester", "TypeParameterUnusedInFormals"}) // of any type, and never called
    static <T> T any() {
        throw new UnsupportedOperationException("snippets are compiled, not run");
    }
}
