import type { Archive } from '#lib/hospital/devices/archive/archive.ts';
import { acquireCtSeries } from '#lib/hospital/objects/ct-image.ts';
import { acquireDxSeries } from '#lib/hospital/objects/dx-image.ts';
import type { AcquiredSeries } from '#lib/hospital/objects/acquisition-context.ts';
import type { World } from '#lib/hospital/world.ts';
import { COMMANDS } from '#lib/lab/commands/catalogue.ts';
import type { CommandResult } from '#lib/lab/define-command.ts';
import { deskFiles } from '#lib/lab/desk-files.ts';
import { runLine } from '#lib/lab/shell/run-line.ts';
import { shellContext } from '#lib/lab/shell-context.ts';
import { encodeDataSet, joinBytes } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { quietWorld, run } from '../simulation/community-world.ts';
import { syntheticAcquisition } from './synthetic-acquisition.ts';

export interface DicomWebHospital {
	world: World;
	archive: Archive;
	/** A head of three slices, kept in explicit VR. */
	ct: AcquiredSeries;
	/** A chest, kept in implicit VR. */
	dx: AcquiredSeries;
	/** Runs a line at the PACS desk, or on another host. */
	type(line: string, hostId?: string): CommandResult & { lines: string[]; tookUs: number };
}

/** The community hospital before its day, with two studies in its archive. */
export function dicomWebHospital(): DicomWebHospital {
	const world = quietWorld();
	const archive = world.device('pacs') as Archive;
	for (const [path, bytes] of deskFiles(world)) world.system('admin').files.set(path, bytes);
	const ct = acquireCtSeries(syntheticAcquisition('ct'), { slices: 3 });
	const dx = acquireDxSeries(syntheticAcquisition('dx'));
	keep(archive, ct, UID.LittleEndianExplicit);
	keep(archive, dx, UID.LittleEndianImplicit);
	world.kernel.runUntil(1_000_000);
	return {
		world,
		archive,
		ct,
		dx,
		type(line, hostId = 'admin') {
			const startUs = world.kernel.nowUs;
			const user = world.spec.hosts.find((one) => one.id === hostId)?.shell?.user ?? 'user';
			const context = { ...shellContext(world, hostId, user), commands: COMMANDS };
			const result = run(world, runLine(context, line));
			const tookUs = world.kernel.nowUs - startUs;
			return { ...result, lines: result.text.split('\n'), tookUs };
		},
	};
}

function keep(archive: Archive, series: AcquiredSeries, transferSyntax: string): void {
	for (const { sopInstanceUid, dataSet } of series.instances) {
		const { status } = archive.keep({
			sopClassUid: series.sopClassUid,
			sopInstanceUid,
			transferSyntax,
			bytes: joinBytes(encodeDataSet(dataSet, { transferSyntax })),
			callingAeTitle: 'CT1',
			receivedUs: archive.world.kernel.nowUs,
		});
		if (status !== 0) throw new Error(`not kept: ${status.toString(16)}`);
	}
}
