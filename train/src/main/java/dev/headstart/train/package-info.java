/// Objectives that turn raw data into a loss, the training loop, and what it shows, keeps and reports.
package dev.headstart.train;
