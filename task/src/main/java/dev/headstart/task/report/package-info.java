/// Charts as SVG, tables, the HTML report, event files and model cards: what a run found, in a form that can be passed on as one file.
package dev.headstart.task.report;
