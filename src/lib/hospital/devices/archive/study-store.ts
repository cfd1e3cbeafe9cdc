import type { Micros } from '#lib/kernel/time.ts';
import type { DataSet } from '#lib/protocol/dicom/dataset/data-set.ts';

/** One composite object as the archive keeps it: the bytes that came, and what the database knows of them. */
export interface StoredInstance {
	sopClassUid: string;
	sopInstanceUid: string;
	seriesInstanceUid: string;
	studyInstanceUid: string;
	transferSyntax: string;
	bytes: Uint8Array;
	dataSet: DataSet;
	receivedUs: Micros;
	callingAeTitle: string;
}

export interface StoredSeries {
	seriesInstanceUid: string;
	modality: string;
	description: string;
	number: string;
	instances: Map<string, StoredInstance>;
}

export interface StoredStudy {
	studyInstanceUid: string;
	patientId: string;
	patientName: string;
	patientBirthDate: string;
	patientSex: string;
	accessionNumber: string;
	studyId: string;
	studyDate: string;
	studyTime: string;
	description: string;
	referringPhysician: string;
	characterSet: string;
	series: Map<string, StoredSeries>;
	/** When the newest instance came. */
	receivedUs: Micros;
	/** Whether the second copy has been written. */
	secondCopy: boolean;
}

/** The archive's database: studies, series and instances by UID. */
export class StudyStore {
	readonly studies = new Map<string, StoredStudy>();
	readonly #instances = new Map<string, StoredInstance>();

	get instanceCount(): number {
		return this.#instances.size;
	}

	has(sopInstanceUid: string): boolean {
		return this.#instances.has(sopInstanceUid);
	}

	instance(sopInstanceUid: string): StoredInstance | undefined {
		return this.#instances.get(sopInstanceUid);
	}

	/** Adds an instance, making its study and series when they are new. */
	add(instance: StoredInstance): void {
		const { dataSet } = instance;
		const text = (keyword: string): string => dataSet.text(keyword) ?? '';
		let study = this.studies.get(instance.studyInstanceUid);
		if (!study) {
			study = {
				studyInstanceUid: instance.studyInstanceUid,
				patientId: text('PatientID'),
				patientName: text('PatientName'),
				patientBirthDate: text('PatientBirthDate'),
				patientSex: text('PatientSex'),
				accessionNumber: text('AccessionNumber'),
				studyId: text('StudyID'),
				studyDate: text('StudyDate'),
				studyTime: text('StudyTime'),
				description: text('StudyDescription'),
				referringPhysician: text('ReferringPhysicianName'),
				characterSet: text('SpecificCharacterSet'),
				series: new Map(),
				receivedUs: instance.receivedUs,
				secondCopy: false,
			};
			this.studies.set(study.studyInstanceUid, study);
		}
		let series = study.series.get(instance.seriesInstanceUid);
		if (!series) {
			series = {
				seriesInstanceUid: instance.seriesInstanceUid,
				modality: text('Modality'),
				description: text('SeriesDescription'),
				number: text('SeriesNumber'),
				instances: new Map(),
			};
			study.series.set(series.seriesInstanceUid, series);
		}
		series.instances.set(instance.sopInstanceUid, instance);
		this.#instances.set(instance.sopInstanceUid, instance);
		study.receivedUs = instance.receivedUs;
		study.secondCopy = false;
	}

	/** Forgets a study; returns its instances. */
	delete(studyInstanceUid: string): StoredInstance[] {
		const study = this.studies.get(studyInstanceUid);
		if (!study) return [];
		this.studies.delete(studyInstanceUid);
		const instances = instancesOf(study);
		for (const instance of instances) this.#instances.delete(instance.sopInstanceUid);
		return instances;
	}
}

/** All instances of a study in the order they came. */
export function instancesOf(study: StoredStudy): StoredInstance[] {
	return [...study.series.values()].flatMap((series) => [...series.instances.values()]);
}
