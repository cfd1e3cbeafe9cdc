import type { Debrief } from '#lib/scoring/score.ts';
import type { LabCard } from '#lib/ui/page-data.ts';

/** Data of the pages around the workbench, in realistic sizes. */

export function labCards(): LabCard[] {
	return [
		{
			id: 'ct2-rejected-after-service',
			version: 1,
			title: "CT 2 can't send after the vendor visit",
			summary:
				'CT 2 has sent nothing to the archive since this morning. The ER is waiting for two heads.',
			level: 1,
			minutes: 12,
			kind: 'lab',
			hospitalTitle: 'Community hospital',
			objectives: ['dicom.ae-title', 'troubleshooting.layers'],
			blueprint: [
				{ exam: 'CIIP', code: 'F.3' },
				{ exam: 'PARCA-CDIP', code: 'association' },
			],
			best: null,
			openAttemptId: null,
		},
		{
			id: 'worklist-empty',
			version: 2,
			title: 'The worklist of DR room 2 is empty',
			summary: 'Orders are in the RIS, room 1 sees them, room 2 shows nothing and no error.',
			level: 2,
			minutes: 15,
			kind: 'lab',
			hospitalTitle: 'Community hospital',
			objectives: ['mwl.matching-keys'],
			blueprint: [{ exam: 'CIIP', code: 'F.4' }],
			best: { score: 84.5, at: '2026-11-20T10:00:00Z' },
			openAttemptId: 'a7',
		},
		{
			id: 'echo-drill',
			version: 1,
			title: 'Verify a new node',
			summary: 'A mobile US wants to join. Register it and prove that it can send.',
			level: 1,
			minutes: 5,
			kind: 'drill',
			hospitalTitle: 'Community hospital',
			objectives: ['dicom.echo'],
			blueprint: [],
			best: null,
			openAttemptId: null,
		},
	];
}

const LINES: Debrief['score']['lines'] = [
	{
		rule: 'restored.check',
		dimension: 'restored',
		points: 40,
		maximum: 40,
		text: 'A new study of CT 2 reached the archive and was matched, and this held for ten minutes.',
		actions: [8, 9],
	},
	{
		rule: 'diagnosis.component',
		dimension: 'diagnosis',
		points: 12,
		maximum: 20,
		text: 'You named the scanner; the mechanism was right, the confidence low.',
		actions: [10],
		missed: 'State the cause once the reject reason and the own AE title have been seen together.',
	},
	{
		rule: 'tidy.inform',
		dimension: 'tidy',
		points: 0,
		maximum: 5,
		text: 'The emergency physician was not told that the images are on their way.',
		actions: [],
		missed: 'Tell everybody who waits before you close the ticket.',
	},
];

export function debriefFixture(): Debrief {
	return structuredClone({
		score: {
			rubric: '2026-1',
			total: 78.5,
			gate: { factor: 1, reasons: [] },
			hintFactor: 0.9,
			dimensions: [
				{ id: 'restored', title: 'Restored', points: 40, maximum: 40 },
				{ id: 'diagnosis', title: 'Diagnosis', points: 12, maximum: 20 },
				{ id: 'safety', title: 'Safety', points: 15, maximum: 15 },
				{ id: 'tidy', title: 'Tidy and verified', points: 5, maximum: 10 },
			],
			lines: LINES,
			passed: true,
		},
		causes: [
			{
				component: 'CT 2',
				layer: 'DICOM association',
				mechanism: 'AE title changed',
				text: 'The service visit set the own AE title of CT 2 back to CT_DEFAULT.',
			},
		],
		stated: { component: 'ct2', mechanism: 'ae-title-changed', confidence: 85 },
		text: 'The archive accepts only **known calling AE titles**.\n\nResult 1, source 1, reason 3 says exactly that: *calling AE title not recognized*.',
		references: [{ label: 'DICOM PS3.8, 9.3.4', detail: 'A-ASSOCIATE-RJ PDU structure' }],
		solution: [
			'look at CT 2',
			'set the AE title of CT 2 back to CT2',
			'send the failed studies again',
		],
		impact: { delayedStudies: 2, patientMinutes: 46, lostInstances: 0 },
		story: [
			{
				sequence: undefined,
				wallTime: '2026-03-09T07:00:00',
				who: 'fault',
				text: 'The AE title of CT 2 became CT_DEFAULT.',
			},
			{
				sequence: undefined,
				wallTime: '2026-03-09T07:38:12',
				who: 'hospital',
				text: 'The archive rejected an association of CT 2.',
			},
			...[8, 9, 10].map((sequence) => ({
				sequence,
				wallTime: `2026-03-09T07:4${sequence - 6}:00`,
				who: 'trainee' as const,
				text: `What was done in step ${sequence + 1}.`,
			})),
		],
		fingerprint: '9f2c4e7a1b3d5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8',
	});
}
