/// What `headstart finetune` can fine-tune.
package dev.headstart.cli.finetune;
