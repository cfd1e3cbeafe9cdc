/** What can be uploaded, as the server enforces it and pages state it. */
export const UPLOAD_LIMITS = {
	fileBytes: 20e6,
	/** Per user, of what is kept. Nothing is deleted, because logs of attempts refer to it. */
	userBytes: 200e6,
	userFiles: 300,
	/** In the upload folder of one desk: it is in memory, and again in every store it is sent to. */
	deskBytes: 40e6,
	deskFiles: 100,
} as const;

/** A file name without its ending, as the desk's folder takes it. */
export const UPLOAD_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/;

/** The name under which a file of this name comes to the desk. */
export function uploadName(fileName: string): string {
	const plain = fileName
		.replace(/\.(?:dcm|dicom|ima|img)$/i, '')
		.replace(/[^A-Za-z0-9_-]+/g, '-')
		.replace(/^[-_]+|[-_]+$/g, '')
		.slice(0, 40);
	return UPLOAD_NAME.test(plain) ? plain : 'image';
}
