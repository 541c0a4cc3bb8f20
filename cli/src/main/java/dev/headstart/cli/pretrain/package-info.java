/// Pre-training on images without labels: what each objective trains, saves and shows.
package dev.headstart.cli.pretrain;
