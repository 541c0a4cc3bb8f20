/// Pre-training without labels: what can be learnt of texts and images, and in which phases.
package dev.headstart.task.pretrain;
