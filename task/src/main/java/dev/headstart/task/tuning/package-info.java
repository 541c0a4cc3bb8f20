/// Fine-tuning: a pre-trained network gets a head for labels of one's own, and trains.
package dev.headstart.task.tuning;
