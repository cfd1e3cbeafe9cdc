/**
 * Fields of the segments about orders, results, documents and appointments: HL7 v2.5.1 chapters 4,
 * 7, 9 and 10, and ZDS of the IHE Radiology Technical Framework. One line per field in the order of
 * their numbers, in the notation of `fields.ts`.
 */
export const ORDER_FIELDS = {
	ORC: `
		ID!#0119 Order Control
		EI Placer Order Number
		EI Filler Order Number
		EI Placer Group Number
		ID#0038 Order Status
		ID Response Flag
		TQ* Quantity/Timing
		EIP Parent Order
		TS Date/Time of Transaction
		XCN* Entered By
		XCN* Verified By
		XCN* Ordering Provider
		PL Enterer's Location
		XTN* Call Back Phone Number
		TS Order Effective Date/Time
		CE Order Control Code Reason
		CE Entering Organization
		CE Entering Device
		XCN* Action By
		CE Advanced Beneficiary Notice Code
		XON* Ordering Facility Name
		XAD* Ordering Facility Address
		XTN* Ordering Facility Phone Number
		XAD* Ordering Provider Address
		CWE Order Status Modifier
		CWE Advanced Beneficiary Notice Override Reason
		TS Filler's Expected Availability Date/Time
		CWE Confidentiality Code
		CWE Order Type
		CNE Enterer Authorization Mode
		CWE Parent Universal Service Identifier`,
	TQ1: `
		SI Set ID - TQ1
		CQ Quantity
		RPT* Repeat Pattern
		TM* Explicit Time
		CQ* Relative Time and Units
		CQ Service Duration
		TS Start date/time
		TS End date/time
		CWE* Priority
		TX Condition text
		TX Text instruction
		ID Conjunction
		CQ Occurrence duration
		NM Total occurrences`,
	OBR: `
		SI Set ID - OBR
		EI Placer Order Number
		EI Filler Order Number
		CE! Universal Service Identifier
		ID Priority - OBR
		TS Requested Date/Time
		TS Observation Date/Time
		TS Observation End Date/Time
		CQ Collection Volume
		XCN* Collector Identifier
		ID Specimen Action Code
		CE Danger Code
		ST Relevant Clinical Information
		TS Specimen Received Date/Time
		SPS Specimen Source
		XCN* Ordering Provider
		XTN* Order Callback Phone Number
		ST Placer Field 1
		ST Placer Field 2
		ST Filler Field 1
		ST Filler Field 2
		TS Results Rpt/Status Chng - Date/Time
		MOC Charge to Practice
		ID Diagnostic Serv Sect ID
		ID#0123 Result Status
		PRL Parent Result
		TQ* Quantity/Timing
		XCN* Result Copies To
		EIP Parent Number
		ID Transportation Mode
		CE* Reason for Study
		NDL Principal Result Interpreter
		NDL* Assistant Result Interpreter
		NDL* Technician
		NDL* Transcriptionist
		TS Scheduled Date/Time
		NM Number of Sample Containers
		CE* Transport Logistics of Collected Sample
		CE* Collector's Comment
		CE Transport Arrangement Responsibility
		ID Transport Arranged
		ID Escort Required
		CE* Planned Patient Transport Comment
		CE Procedure Code
		CE* Procedure Code Modifier
		CE* Placer Supplemental Service Information
		CE* Filler Supplemental Service Information
		CWE Medically Necessary Duplicate Procedure Reason
		IS Result Handling
		CWE Parent Universal Service Identifier`,
	OBX: `
		SI Set ID - OBX
		ID Value Type
		CE! Observation Identifier
		ST Observation Sub-ID
		Varies* Observation Value
		CE Units
		ST References Range
		IS* Abnormal Flags
		NM Probability
		ID* Nature of Abnormal Test
		ID!#0085 Observation Result Status
		TS Effective Date of Reference Range
		ST User Defined Access Checks
		TS Date/Time of the Observation
		CE Producer's ID
		XCN* Responsible Observer
		CE* Observation Method
		EI* Equipment Instance Identifier
		TS Date/Time of the Analysis
		ST Reserved for v2.6
		ST Reserved for v2.6
		ST Reserved for v2.6
		XON Performing Organization Name
		XAD Performing Organization Address
		XCN Performing Organization Medical Director`,
	IPC: `
		EI! Accession Identifier
		EI! Requested Procedure ID
		EI! Study Instance UID
		EI! Scheduled Procedure Step ID
		CE Modality
		CE* Protocol Code
		EI Scheduled Station Name
		CE* Scheduled Procedure Step Location
		ST Scheduled Station AE Title`,
	TXA: `
		SI! Set ID - TXA
		IS! Document Type
		ID Document Content Presentation
		TS Activity Date/Time
		XCN* Primary Activity Provider Code/Name
		TS Origination Date/Time
		TS Transcription Date/Time
		TS* Edit Date/Time
		XCN* Originator Code/Name
		XCN* Assigned Document Authenticator
		XCN* Transcriptionist Code/Name
		EI! Unique Document Number
		EI Parent Document Number
		EI* Placer Order Number
		EI Filler Order Number
		ST Unique Document File Name
		ID!#0271 Document Completion Status
		ID Document Confidentiality Status
		ID Document Availability Status
		ID Document Storage Status
		ST Document Change Reason
		PPN* Authentication Person, Time Stamp
		XCN* Distributed Copies`,
	SCH: `
		EI Placer Appointment ID
		EI Filler Appointment ID
		NM Occurrence Number
		EI Placer Group Number
		CE Schedule ID
		CE! Event Reason
		CE Appointment Reason
		CE Appointment Type
		NM Appointment Duration
		CE Appointment Duration Units
		TQ* Appointment Timing Quantity
		XCN* Placer Contact Person
		XTN Placer Contact Phone Number
		XAD* Placer Contact Address
		PL Placer Contact Location
		XCN*! Filler Contact Person
		XTN Filler Contact Phone Number
		XAD* Filler Contact Address
		PL Filler Contact Location
		XCN*! Entered By Person
		XTN* Entered By Phone Number
		PL Entered By Location
		EI Parent Placer Appointment ID
		EI Parent Filler Appointment ID
		CE Filler Status Code
		EI* Placer Order Number
		EI* Filler Order Number`,
	ZDS: `
		RP! Study Instance UID`,
};
