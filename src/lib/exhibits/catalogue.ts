import type { ExhibitDefinition } from './define-exhibit.ts';
import { associationLog } from './kinds/association-log.ts';
import { capture } from './kinds/capture.ts';
import { command } from './kinds/command.ts';
import { dicomDump } from './kinds/dicom-dump.ts';
import { dicomTree } from './kinds/dicom-tree.ts';
import { findResponse } from './kinds/find-response.ts';
import { hl7 } from './kinds/hl7.ts';
import { hl7Tree } from './kinds/hl7-tree.ts';
import { image } from './kinds/image.ts';
import { table } from './kinds/table.ts';
import { text } from './kinds/text.ts';
import { topology } from './kinds/topology.ts';

const DEFINITIONS = [
	associationLog,
	capture,
	command,
	dicomDump,
	dicomTree,
	findResponse,
	hl7,
	hl7Tree,
	image,
	table,
	text,
	topology,
] as unknown as ExhibitDefinition[];

/** Every kind of exhibit by name. A new kind is a new file and a line here. */
export const EXHIBITS: ReadonlyMap<string, ExhibitDefinition> = new Map(
	DEFINITIONS.map((definition) => [definition.kind, definition]),
);
