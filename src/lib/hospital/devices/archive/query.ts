import type { Process } from '#lib/kernel/process.ts';
import { decodeDataSet } from '#lib/protocol/dicom/dataset/decode-data-set.ts';
import { encodeDataSet } from '#lib/protocol/dicom/dataset/encode-data-set.ts';
import { responseTo } from '#lib/protocol/dicom/dimse/services.ts';
import { answerIdentifier, matches, type QueryRecord } from '../../dicom/match-identifier.ts';
import type { ServiceRequest } from '../../dicom/service-class-provider.ts';
import { instancesOf, type StoredStudy, type StudyStore } from './study-store.ts';

const QUERY_LEVELS = ['STUDY', 'SERIES', 'IMAGE'] as const;
type QueryLevel = (typeof QUERY_LEVELS)[number];

/** C-FIND of the Study Root Query/Retrieve Information Model (PS3.4 C.4.1, C.6.2). Returns the number of matches, or the failure status. */
export function* serveFind(
	store: StudyStore,
	retrieveAeTitle: string,
	request: ServiceRequest,
): Process<{ matches: number } | { status: number }> {
	const { transferSyntax } = request.context;
	const decoded = decodeDataSet(request.data, { transferSyntax });
	const level = decoded.ok ? decoded.dataSet.text('QueryRetrieveLevel') : undefined;
	if (!decoded.ok || !isLevel(level)) {
		// A900: the identifier does not match the SOP class (PS3.4 table C.4-1).
		request.respond(
			responseTo(request.command, {
				status: 0xa900,
				errorComment: decoded.ok
					? 'Query/Retrieve Level missing or unknown'
					: 'Identifier unreadable',
			}),
		);
		return { status: 0xa900 };
	}
	const identifier = decoded.dataSet;
	let count = 0;
	for (const record of records(store, level, retrieveAeTitle)) {
		if (!request.alive) break;
		if (!matches(identifier, record)) continue;
		count++;
		request.respond(
			responseTo(request.command, { status: 0xff00, withDataSet: true }),
			encodeDataSet(answerIdentifier(identifier, record), { transferSyntax }),
		);
	}
	request.respond(responseTo(request.command, { status: 0x0000 }));
	return { matches: count };
}

function isLevel(level: string | undefined): level is QueryLevel {
	return QUERY_LEVELS.some((known) => known === level);
}

function* records(
	store: StudyStore,
	level: QueryLevel,
	retrieveAeTitle: string,
): Generator<QueryRecord> {
	for (const study of store.studies.values()) {
		const studyRecord = recordOfStudy(study, retrieveAeTitle);
		if (level === 'STUDY') {
			yield studyRecord;
			continue;
		}
		for (const series of study.series.values()) {
			const seriesRecord: QueryRecord = {
				...studyRecord,
				SeriesInstanceUID: series.seriesInstanceUid,
				Modality: series.modality,
				SeriesDescription: series.description,
				SeriesNumber: series.number,
				NumberOfSeriesRelatedInstances: String(series.instances.size),
			};
			if (level === 'SERIES') {
				yield seriesRecord;
				continue;
			}
			for (const instance of series.instances.values()) {
				yield {
					...seriesRecord,
					SOPInstanceUID: instance.sopInstanceUid,
					SOPClassUID: instance.sopClassUid,
					InstanceNumber: instance.dataSet.text('InstanceNumber') ?? '',
				};
			}
		}
	}
}

function recordOfStudy(study: StoredStudy, retrieveAeTitle: string): QueryRecord {
	const modalities = [...new Set([...study.series.values()].map((series) => series.modality))];
	return {
		SpecificCharacterSet: study.characterSet,
		RetrieveAETitle: retrieveAeTitle,
		InstanceAvailability: 'ONLINE',
		StudyInstanceUID: study.studyInstanceUid,
		PatientID: study.patientId,
		PatientName: study.patientName,
		PatientBirthDate: study.patientBirthDate,
		PatientSex: study.patientSex,
		AccessionNumber: study.accessionNumber,
		StudyID: study.studyId,
		StudyDate: study.studyDate,
		StudyTime: study.studyTime,
		StudyDescription: study.description,
		ReferringPhysicianName: study.referringPhysician,
		ModalitiesInStudy: modalities.join('\\'),
		NumberOfStudyRelatedSeries: String(study.series.size),
		NumberOfStudyRelatedInstances: String(instancesOf(study).length),
	};
}
