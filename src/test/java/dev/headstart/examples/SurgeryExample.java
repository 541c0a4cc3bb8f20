package dev.headstart.examples;

import dev.headstart.autograd.Variable;
import dev.headstart.nn.Linear;
import dev.headstart.nn.conv.Conv2d;
import dev.headstart.nn.transfer.Surgeon;
import dev.headstart.tensor.RandomStream;
import dev.headstart.tensor.Shape;
import dev.headstart.tensor.Tensor;
import dev.headstart.tensor.geometry.Conv2dGeometry;
import dev.headstart.zoo.model.Surgery;
import dev.headstart.zoo.text.bert.Bert;
import dev.headstart.zoo.text.bert.BertConfig;
import dev.headstart.zoo.text.bert.BertForSequenceClassification;
import java.io.PrintStream;

/// Models of other shapes from weights that are there: each operation tells what became of which tensor.
public final class SurgeryExample {
    private static final BertConfig FOUR_LAYERS = BertConfig.of(30, 16, 4, 2, 32).withDropout(0);

    public static void main(String... args) {
        run(System.out);
    }

    static void run(PrintStream out) {
        Bert bert = new Bert(FOUR_LAYERS, RandomStream.of(1));

        out.println("A new head on the old encoder:");
        BertForSequenceClassification classifier = new BertForSequenceClassification(FOUR_LAYERS.withLabels(3), RandomStream.of(2));
        Surgery<BertForSequenceClassification> headed = Surgery.swapHead(bert, classifier);
        headed.changes().stream().filter(change -> change.fate() != Surgery.Fate.KEPT).forEach(change -> out.println("  " + change));

        out.println("Two tokens more, for words of the domain:");
        Surgery<Bert> wider = bert.resizeTokenEmbeddings(32, RandomStream.of(3));
        out.println("  " + wider.change("embeddings.word_embeddings.weight"));

        out.println("Every second layer, as DistilBERT begins:");
        Bert half = new Bert(BertConfig.of(30, 16, 2, 2, 32).withDropout(0), RandomStream.of(4));
        Surgeon student = Surgeon.of(bert.parameters()).layers("encoder.layer", 0, 2);
        out.println("  " + student.into("student", half.parameters()).summary());
        student.changes().stream().filter(change -> change.contains("attention.self.query.weight"))
                .forEach(change -> out.println("  " + change));

        grey(out);
        wider(out);
    }

    private static void grey(PrintStream out) {
        out.println("Grey images for a layer that has learnt from coloured ones:");
        Conv2d colour = new Conv2d(3, 4, 3, Conv2dGeometry.DEFAULT, RandomStream.of(1));
        Conv2d single = new Conv2d(1, 4, 3, Conv2dGeometry.DEFAULT, RandomStream.of(2));
        Surgeon grey = Surgeon.of(colour.parameters()).inputChannels("weight", 1);
        grey.into("grey", single.parameters());
        Tensor image = RandomStream.of(3).normal(Shape.of(1, 6, 6, 1), 0, 1);
        Tensor expected = colour.forward(Variable.of(Tensor.concat(3, image, image, image))).value();
        Tensor actual = single.forward(Variable.of(image)).value();
        out.println("  " + grey);
        out.printf("  a grey image gives what it gave in three equal channels, within %.0e%n",
                expected.minus(actual).abs().max(0, 1, 2, 3).item());
    }

    private static void wider(PrintStream out) {
        out.println("A wider layer that begins with what the narrow one knows:");
        Linear narrow = new Linear(4, 3, RandomStream.of(1));
        Linear wide = new Linear(6, 5, RandomStream.of(2));
        Surgeon grown = Surgeon.of(narrow.parameters()).resized("weight", wide.weight().value()).resized("bias",
                wide.parameters().get("bias").value());
        grown.into("wide", wide.parameters());
        grown.changes().forEach(change -> out.println("  " + change));
        Tensor corner = wide.weight().value().slice(0, 0, 3).slice(1, 0, 4);
        out.println("  the overlap has " + (corner.bitsEqual(narrow.weight().value()) ? "the narrow one's bits" : "other bits"));
    }

    private SurgeryExample() {}
}
