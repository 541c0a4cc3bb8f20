/// What a user does with a network: tasks, files and documents, on java.base alone.
module dev.headstart.task {
    requires transitive dev.headstart.train;
    requires transitive dev.headstart.zoo;
    requires static org.jspecify;

    exports dev.headstart.task;
    exports dev.headstart.task.compare;
    exports dev.headstart.task.data;
    exports dev.headstart.task.demo;
    exports dev.headstart.task.folder;
    exports dev.headstart.task.goal;
    exports dev.headstart.task.model;
    exports dev.headstart.task.objective;
    exports dev.headstart.task.pretrain;
    exports dev.headstart.task.report;
    exports dev.headstart.task.runs;
    exports dev.headstart.task.tuning;
}
