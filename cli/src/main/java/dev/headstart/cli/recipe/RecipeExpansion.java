package dev.headstart.cli.recipe;

import dev.headstart.task.runs.RunRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/// What `--recipe FILE` and `--resume DIR` stand for: the command line that says the same with options alone.
///
/// The recipe's arguments come right after the command; what the command line gives itself is left as it is, and wins.
public final class RecipeExpansion {
    /// The name of the recipe that a run leaves in its folder.
    public static final String SAVED = RunRecord.RECIPE;

    private static final Set<String> HELP = Set.of("-h", "--help", "-V", "--version");
    private static final Set<String> RESUMABLE = Set.of("pretrain", "finetune");

    private final CommandSpec root;
    private final List<String> arguments;

    private RecipeExpansion(CommandSpec root, List<String> arguments) {
        this.root = root;
        this.arguments = arguments;
    }

    /// The arguments with a recipe's inserted; the same ones when no recipe is asked for, or help is.
    ///
    /// @throws IOException when the recipe cannot be read
    /// @throws ParameterException when it does not fit its command
    public static String[] expand(CommandSpec root, String... arguments) throws IOException {
        return new RecipeExpansion(root, Arrays.asList(arguments)).expanded().toArray(String[]::new);
    }

    private List<String> expanded() throws IOException {
        Optional<String> file = value("--recipe");
        Optional<String> folder = value("--resume");
        if ((file.isEmpty() && folder.isEmpty()) || arguments.stream().anyMatch(HELP::contains)) {
            return arguments;
        }
        if (file.isPresent() && folder.isPresent()) {
            throw new ParameterException(root.commandLine(), "--recipe and --resume exclude each other: a folder has its own recipe");
        }
        if (folder.isPresent() && arguments.contains("--restart")) {
            throw new ParameterException(root.commandLine(), "--resume and --restart exclude each other");
        }
        Recipe recipe = read(folder.isPresent() ? saved(path(folder.get())) : path(file.orElseThrow()));
        int at = commandAt();
        @Nullable
        String chosen = at < 0 ? null : arguments.get(at);
        String name = RecipeArguments.command(recipe, root, chosen);
        if (folder.isPresent() && !RESUMABLE.contains(name)) {
            throw new ParameterException(root.commandLine(), recipe.file() + ": a run of " + name + " leaves nothing to go on from: "
                    + "--recipe " + recipe.file() + " does it again");
        }
        CommandSpec command = Objects.requireNonNull(root.subcommands().get(name)).getCommandSpec();
        List<String> before = at < 0 ? List.of() : arguments.subList(0, at);
        List<String> after = at < 0 ? arguments : arguments.subList(at + 1, arguments.size());
        List<String> all = new ArrayList<>(before);
        List<String> whole = new ArrayList<>(before);
        whole.addAll(after);
        all.add(name);
        all.addAll(RecipeArguments.of(recipe, command, whole));
        all.addAll(after);
        return all;
    }

    private Recipe read(Path file) throws IOException {
        try {
            return Recipe.read(file);
        } catch (RecipeSyntaxException e) {
            throw new ParameterException(root.commandLine(), e.getMessage(), e);
        }
    }

    private static Path saved(Path folder) throws IOException {
        Path recipe = folder.resolve(SAVED);
        if (!Files.exists(recipe)) {
            throw new IOException(folder + ": there is no " + SAVED + ": --resume needs the folder of a run of pretrain or finetune");
        }
        return recipe;
    }

    private Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new ParameterException(root.commandLine(), "'" + text + "' is no path: " + e.getMessage(), e);
        }
    }

    /// The value of an option, wherever it stands.
    private Optional<String> value(String option) {
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (argument.equals("--")) {
                return Optional.empty();
            }
            if (argument.startsWith(option + "=")) {
                return Optional.of(argument.substring(option.length() + 1));
            }
            if (argument.equals(option) && i + 1 < arguments.size()) {
                return Optional.of(arguments.get(i + 1));
            }
        }
        return Optional.empty();
    }

    /// Where the command stands: the first argument that is no option for all commands and no value of one; -1 when that is no command.
    private int commandAt() {
        int at = 0;
        while (at < arguments.size() && arguments.get(at).startsWith("-")) {
            @Nullable
            OptionSpec option = root.findOption(arguments.get(at));
            at += 1 + (option == null ? 0 : option.arity().min());
        }
        return at < arguments.size() && root.subcommands().containsKey(arguments.get(at)) ? at : -1;
    }
}
