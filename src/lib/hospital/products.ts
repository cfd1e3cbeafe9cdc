import type { ImplementationIdentity } from './dicom/service-class-user.ts';

/**
 * The fictitious products of the simulated hospitals. Implementation class UIDs are UUID-derived
 * (PS3.5 Annex B.2), so that they belong to nobody.
 */
export const PRODUCTS = {
	archive: {
		classUid: '2.25.202144671917286303841917410921170212381',
		versionName: 'MERIDIAN_8_2',
	},
	ris: { classUid: '2.25.131744629063741202911837745120934771205', versionName: 'LEDGER_RIS_5' },
	modality: {
		classUid: '2.25.98233471860122937744120938857741920355',
		versionName: 'CALYX_VB30',
	},
	workstation: {
		classUid: '2.25.170221937441209374412881920377441283746',
		versionName: 'LUMEN_READ_3',
	},
	/** What DCMTK 3.6.7 announces, because the desk's command-line tools behave like it. */
	desk: { classUid: '1.2.276.0.7230010.3.0.3.6.7', versionName: 'OFFIS_DCMTK_367' },
} as const satisfies Record<string, ImplementationIdentity>;
