import { isHttpError } from '@sveltejs/kit';
import { unzipSync } from 'fflate';
import { beforeEach, expect, test } from 'vitest';
import { UPLOAD_LIMITS } from '#lib/lab/upload-limits.ts';
import { createApp } from '#lib/server/app.ts';
import { createGuest, register, signIn } from '#lib/server/auth/accounts.ts';
import { openLabEngine } from '#lib/server/content/lab-engine.ts';
import { listActions } from '#lib/server/db/attempt-store.ts';
import { upload, user } from '#lib/server/db/schema.ts';
import { findUploadOfAttempt, insertUpload, uploadUsage } from '#lib/server/db/upload-store.ts';
import type { Warning } from '#lib/server/log.ts';
import { actionSchema } from '#lib/lab/action.ts';
import { UID } from '#lib/protocol/dicom/dataset/uids.ts';
import { GET as getFolder } from '../../src/routes/attempts/[id]/folders/[...path]/+server.ts';
import { POST as postUpload } from '../../src/routes/attempts/[id]/uploads/+server.ts';
import { asPart10, IDENTITY, identifiedImage } from '../support/identified-image.ts';
import { questionFixture } from '../support/question-fixture.ts';
import { CookieJar, requestEvent } from '../support/request-event.ts';
import { openTestApp, type TestApp } from '../support/test-app.ts';

type Handler = (event: never) => Promise<Response>;
type Options = NonNullable<Parameters<typeof requestEvent>[2]>;

let server: TestApp;
let jar: CookieJar;
let userId: string;
let id: string;

const FILE = new Uint8Array(asPart10(identifiedImage()));

/** Becomes a new guest with an attempt. */
async function arrive(): Promise<void> {
	const guest = await createGuest(server.db);
	jar = new CookieJar();
	jar.set('session', guest.session.token, {});
	userId = guest.user.id;
	const started = await server.app.attempts.start(userId, 'count-up');
	if (started.kind !== 'started') throw new Error(started.message);
	id = started.attemptId;
}

beforeEach(async () => {
	server = openTestApp();
	await arrive();
});

interface Answer {
	status: number;
	body: { message?: string; digest?: string; sizeBytes?: number };
}

async function post(
	file: Options['file'] = FILE,
	{ path = '/?without-patient-data=yes', ...options }: Options = {},
): Promise<Answer> {
	const event = await requestEvent<never>(server.app, jar, {
		...options,
		path,
		params: options.params ?? { id },
		file,
	});
	try {
		const response = await (postUpload as Handler)(event);
		return { status: response.status, body: (await response.json()) as Answer['body'] };
	} catch (error) {
		if (!isHttpError(error)) throw error;
		return { status: error.status, body: error.body };
	}
}

function act(sequence: number, action: object) {
	const body = { sequence, key: `key-number-${sequence}`, action };
	return server.app.attempts.perform(userId, id, body);
}

test('a file is cleaned, kept once, and named by its digest', async () => {
	const first = await post();
	expect(first).toMatchObject({
		status: 200,
		body: { digest: expect.stringMatching(/^[0-9a-f]{64}$/) },
	});
	expect(await post()).toEqual(first);
	const rows = server.db.select().from(upload).all();
	expect(rows).toHaveLength(1);
	expect(rows[0]?.bytes.includes(IDENTITY.name)).toBe(false);
	expect(rows[0]?.sizeBytes).toBe(rows[0]?.bytes.length);
});

test('what is not a confirmed DICOM file for an own open attempt is refused in words', async () => {
	expect(await post(FILE, { path: '/' })).toMatchObject({ status: 400 });
	expect(await post(FILE, { headers: { 'content-type': 'text/plain' } })).toMatchObject({
		status: 415,
	});
	expect(await post(new Uint8Array(500))).toMatchObject({
		status: 422,
		body: { message: 'This is no DICOM file: no "DICM" at byte 128.' },
	});
	expect(await post(new Uint8Array(0))).toMatchObject({
		status: 422,
		body: { message: 'The file is empty.' },
	});
	await act(0, { kind: 'close', cause: 'a', action: 'b', prevention: 'c' });
	expect(await post()).toMatchObject({ status: 409 });
	expect(uploadUsage(server.db, userId)).toEqual({ files: 0, sizeBytes: 0 });
});

test('somebody else’s attempt is 404, and 401 without a session', async () => {
	const theirs = id;
	await arrive();
	expect(await post(FILE, { params: { id: theirs } })).toMatchObject({ status: 404 });
	jar = new CookieJar();
	expect(await post()).toMatchObject({ status: 401 });
	expect(server.db.select().from(upload).all()).toEqual([]);
});

test('a body is read no further than its limit, whatever it says of its length', async () => {
	let sent = 0;
	const endless = new ReadableStream<Uint8Array>({
		pull(controller) {
			sent += 1e6;
			controller.enqueue(new Uint8Array(1e6));
		},
	});
	expect(await post(endless)).toMatchObject({
		status: 413,
		body: { message: 'The file is larger than 20 MB.' },
	});
	expect(sent).toBeLessThanOrEqual(UPLOAD_LIMITS.fileBytes + 3e6);
	const long = { 'content-length': '30000000' };
	expect(await post(FILE, { headers: long })).toMatchObject({ status: 413 });
});

test('a user has so much room, so many files and so many tries', async () => {
	const row = { userId, bytes: Buffer.alloc(1), createdAt: new Date() };
	insertUpload(server.db, { ...row, digest: 'big', sizeBytes: UPLOAD_LIMITS.userBytes - 1_000 });
	expect(await post()).toMatchObject({
		status: 409,
		body: { message: expect.stringMatching(/200 MB/) },
	});
	server.db.delete(upload).run();
	for (let i = 0; i < UPLOAD_LIMITS.userFiles; i++) {
		insertUpload(server.db, { ...row, digest: `${i}`, sizeBytes: 1 });
	}
	expect(await post()).toMatchObject({ status: 409 });
	const statuses = new Set<number>();
	for (let i = 0; i < 110; i++) statuses.add((await post(new Uint8Array(1))).status);
	expect(statuses).toContain(429);
});

test('only what the user has uploaded can be put on the desk', async () => {
	const digest = 'a'.repeat(64);
	const action = { kind: 'upload', name: 'knee', digest };
	expect(await act(0, action)).toMatchObject({
		kind: 'invalid',
		message: 'This file has not been uploaded.',
	});
	const { body } = await post();
	await arrive();
	expect(await act(0, { ...action, digest: body.digest })).toMatchObject({ kind: 'invalid' });
	await post();
	expect(await act(0, { ...action, digest: body.digest })).toMatchObject({ kind: 'done' });
	for (const name of ['../knee', 'a b', '', '-x', 'x'.repeat(41)]) {
		expect(await act(1, { ...action, name })).toMatchObject({ kind: 'invalid' });
	}
	expect(await listActions(server.db, id, 0)).toHaveLength(1);
});

test('uploads go to the account of a guest who signs in, and go with their user', async () => {
	const account = { email: 'ada@example.org', password: 'a long enough password' };
	await register(server.db, { ...account, displayName: 'Ada' }, null);
	const { body } = await post();
	const digest = body.digest ?? '';
	const guest = { id: userId, role: 'guest', displayName: 'Guest', email: null } as const;
	await signIn(server.db, account, guest);
	expect(findUploadOfAttempt(server.db, id, digest)).toHaveLength(body.sizeBytes ?? -1);
	expect(uploadUsage(server.db, userId).files).toBe(0);
	server.db.delete(user).run();
	expect(server.db.select().from(upload).all()).toEqual([]);
});

test('a folder of the desk is one archive, and nothing else is', async () => {
	const ask = async (path: string) => {
		const event = await requestEvent<never>(server.app, jar, { params: { id, path } });
		return (getFolder as Handler)(event);
	};
	const response = await ask('captures');
	expect(response.headers.get('content-disposition')).toContain('captures.zip');
	const bytes = new Uint8Array(await response.arrayBuffer());
	expect(unzipSync(bytes)).toEqual({ 'captures/sum.pcapng': new Uint8Array([1, 2, 3]) });
	expect(new Uint8Array(await (await ask('captures')).arrayBuffer())).toEqual(bytes);
	for (const path of ['captures/sum.pcapng', 'nowhere', '../etc']) {
		await expect(ask(path)).rejects.toMatchObject({ status: 404 });
	}
	await arrive();
	const theirs = id;
	await arrive();
	const event = await requestEvent<never>(server.app, jar, { params: { id: theirs, path: 'x' } });
	await expect((getFolder as Handler)(event)).rejects.toMatchObject({ status: 404 });
});

test('a lab with an upload is the same after a restart, down to the last byte', async () => {
	const engine = openLabEngine('scenarios');
	const warnings: Warning[] = [];
	const open = () =>
		createApp({
			...{ db: server.db, engine, questions: questionFixture(), worldsMax: 2 },
			warn: (warning) => warnings.push(warning),
		});
	server.app = open();
	const started = await server.app.attempts.start(userId, 'assoc-calling-aet-not-registered');
	if (started.kind !== 'started') throw new Error(started.message);
	id = started.attemptId;
	const done = async (sequence: number, action: object) => {
		const outcome = await act(sequence, action);
		if (outcome.kind !== 'done') throw new Error(outcome.message);
		return outcome;
	};
	const { body } = await post(
		new Uint8Array(asPart10(identifiedImage(), UID.LittleEndianImplicit)),
	);
	const put = await done(0, { kind: 'upload', name: 'head', digest: body.digest });
	expect(put.entry.observation).toMatchObject({
		text: '/home/you/upload/head.dcm is on your desk.',
		endedUs: put.entry.observation.startedUs + 60e6,
	});
	await done(1, {
		kind: 'operate',
		device: 'ct1',
		operation: 'import-unscheduled',
		fields: { source: '~/upload/head.dcm' },
	});
	const looked = await done(2, { kind: 'look', device: 'pacs' });
	const studies = looked.entry.observation.console?.tables.find((table) => table.id === 'studies');
	const row = studies?.rows.find(({ cells }) => cells['accession'] === '')?.id;
	const exported = await done(3, {
		kind: 'operate',
		device: 'pacs',
		operation: 'export-study',
		row,
		fields: {},
	});
	expect(
		exported.entry.observation.files?.map(({ path }) => path.replace(/.*export\/[^/]+\//, '')),
	).toEqual(['DICOM/SE000001/IM000001', 'DICOMDIR']);
	const image = exported.entry.observation.files?.[0]?.path ?? '';
	const before = await server.app.attempts.readFile(userId, id, image);
	server.app = open();
	expect(await server.app.attempts.readFile(userId, id, image)).toEqual(before);
	await done(4, { kind: 'close', cause: 'a', action: 'b', prevention: 'c' });
	expect(warnings).toEqual([]);
	const found = await server.app.attempts.debrief(userId, id);
	const attempt = server.db.query.attempt
		.findFirst({ where: (one, { eq }) => eq(one.id, id) })
		.sync();
	const world = engine.open('assoc-calling-aet-not-registered', attempt?.seed ?? '', (digest) =>
		findUploadOfAttempt(server.db, id, digest),
	);
	world.advance(Infinity);
	for (const { body: action } of await listActions(server.db, id, 0)) {
		world.begin(actionSchema.parse(action));
		world.advance(Infinity);
		world.take();
	}
	const { debrief } = await world.grade(async (advance) => {
		while (!advance(10_000));
	});
	expect(debrief.fingerprint).toBe(found?.debrief.fingerprint);
});
