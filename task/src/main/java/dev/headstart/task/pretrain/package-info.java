/// Pre-training on texts and images without labels: what each objective trains, saves and shows.
package dev.headstart.task.pretrain;
