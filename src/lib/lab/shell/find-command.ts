import type { CommandContext, CommandDefinition } from '../define-command.ts';

/** A command by its name, if this machine has it. */
export function findCommand(
	context: Pick<CommandContext, 'commands' | 'host' | 'world'>,
	name: string,
): CommandDefinition | undefined {
	const command = context.commands.get(name);
	const elsewhere = command?.only === 'desk' && context.host.id !== context.world.spec.desk;
	return elsewhere ? undefined : command;
}
