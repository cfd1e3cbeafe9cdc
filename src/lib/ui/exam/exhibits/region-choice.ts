/** What makes the named places of an image or map operable. */
export interface RegionChoice {
	chosen: string[];
	/** Null until the verdict is known. */
	correct: string[] | null;
	locked: boolean;
	onchoose: (id: string) => void;
}
