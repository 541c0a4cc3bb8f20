/// Data files: images with labels (IDX, CIFAR binary), lines of text, and what a network sees of an image.
package dev.headstart.io.data;
