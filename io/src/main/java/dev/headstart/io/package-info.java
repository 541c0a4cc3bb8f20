/// Files: weights as named tensors ([Weights] reads several formats; [SafeTensors], [Npy] and [Npz] write), checkpoints that survive a
/// crash ([Checkpoints]), and hashes ([Hashes]). Nobody has to close anything: a file is open only while a method of
/// this package runs.
package dev.headstart.io;
