/// The formats of `torch.save`. Not exported.
package dev.headstart.io.pytorch;
