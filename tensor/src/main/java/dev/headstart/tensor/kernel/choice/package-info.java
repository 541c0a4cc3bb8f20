/// The one place that names both twins and says which of them computes.
package dev.headstart.tensor.kernel.choice;
