/**
 * Fields of the segments about the patient and the visit: HL7 v2.5.1 sections 3.4 and 6.5. One line
 * per field in the order of their numbers, in the notation of `fields.ts`.
 */
export const PATIENT_FIELDS = {
	EVN: `
		ID Event Type Code
		TS! Recorded Date/Time
		TS Date/Time Planned Event
		IS Event Reason Code
		XCN* Operator ID
		TS Event Occurred
		HD Event Facility`,
	PID: `
		SI Set ID - PID
		CX Patient ID
		CX*! Patient Identifier List
		CX* Alternate Patient ID - PID
		XPN*! Patient Name
		XPN* Mother's Maiden Name
		TS Date/Time of Birth
		IS Administrative Sex
		XPN* Patient Alias
		CE* Race
		XAD* Patient Address
		IS County Code
		XTN* Phone Number - Home
		XTN* Phone Number - Business
		CE Primary Language
		CE Marital Status
		CE Religion
		CX Patient Account Number
		ST SSN Number - Patient
		DLN Driver's License Number - Patient
		CX* Mother's Identifier
		CE* Ethnic Group
		ST Birth Place
		ID#0136 Multiple Birth Indicator
		NM Birth Order
		CE* Citizenship
		CE Veterans Military Status
		CE Nationality
		TS Patient Death Date and Time
		ID#0136 Patient Death Indicator
		ID#0136 Identity Unknown Indicator
		IS* Identity Reliability Code
		TS Last Update Date/Time
		HD Last Update Facility
		CE Species Code
		CE Breed Code
		ST Strain
		CE Production Class Code
		CWE* Tribal Citizenship`,
	PD1: `
		IS* Living Dependency
		IS Living Arrangement
		XON* Patient Primary Facility
		XCN* Patient Primary Care Provider Name and ID No.
		IS Student Indicator
		IS Handicap
		IS Living Will Code
		IS Organ Donor Code
		ID#0136 Separate Bill
		CX* Duplicate Patient
		CE Publicity Code
		ID#0136 Protection Indicator
		DT Protection Indicator Effective Date
		XON* Place of Worship
		CE* Advance Directive Code
		IS Immunization Registry Status
		DT Immunization Registry Status Effective Date
		DT Publicity Code Effective Date
		IS Military Branch
		IS Military Rank/Grade
		IS Military Status`,
	PV1: `
		SI Set ID - PV1
		IS! Patient Class
		PL Assigned Patient Location
		IS Admission Type
		CX Preadmit Number
		PL Prior Patient Location
		XCN* Attending Doctor
		XCN* Referring Doctor
		XCN* Consulting Doctor
		IS Hospital Service
		PL Temporary Location
		IS Preadmit Test Indicator
		IS Re-admission Indicator
		IS Admit Source
		IS* Ambulatory Status
		IS VIP Indicator
		XCN* Admitting Doctor
		IS Patient Type
		CX Visit Number
		FC* Financial Class
		IS Charge Price Indicator
		IS Courtesy Code
		IS Credit Rating
		IS* Contract Code
		DT* Contract Effective Date
		NM* Contract Amount
		NM* Contract Period
		IS Interest Code
		IS Transfer to Bad Debt Code
		DT Transfer to Bad Debt Date
		IS Bad Debt Agency Code
		NM Bad Debt Transfer Amount
		NM Bad Debt Recovery Amount
		IS Delete Account Indicator
		DT Delete Account Date
		IS Discharge Disposition
		DLD Discharged to Location
		CE Diet Type
		IS Servicing Facility
		IS Bed Status
		IS Account Status
		PL Pending Location
		PL Prior Temporary Location
		TS Admit Date/Time
		TS* Discharge Date/Time
		NM Current Patient Balance
		NM Total Charges
		NM Total Adjustments
		NM Total Payments
		CX Alternate Visit ID
		IS Visit Indicator
		XCN* Other Healthcare Provider`,
	PV2: `
		PL Prior Pending Location
		CE Accommodation Code
		CE Admit Reason
		CE Transfer Reason
		ST* Patient Valuables
		ST Patient Valuables Location
		IS* Visit User Code
		TS Expected Admit Date/Time
		TS Expected Discharge Date/Time
		NM Estimated Length of Inpatient Stay
		NM Actual Length of Inpatient Stay
		ST Visit Description
		XCN* Referral Source Code
		DT Previous Service Date
		ID#0136 Employment Illness Related Indicator
		IS Purge Status Code
		DT Purge Status Date
		IS Special Program Code
		ID#0136 Retention Indicator
		NM Expected Number of Insurance Plans
		IS Visit Publicity Code
		ID#0136 Visit Protection Indicator
		XON* Clinic Organization Name
		IS Patient Status Code
		IS Visit Priority Code
		DT Previous Treatment Date
		IS Expected Discharge Disposition
		DT Signature on File Date
		DT First Similar Illness Date
		CE Patient Charge Adjustment Code
		IS Recurring Service Code
		ID#0136 Billing Media Code
		TS Expected Surgery Date and Time
		ID#0136 Military Partnership Code
		ID#0136 Military Non-Availability Code
		ID#0136 Newborn Baby Indicator
		ID#0136 Baby Detained Indicator
		CE Mode of Arrival Code
		CE* Recreational Drug Use Code
		CE Admission Level of Care Code
		CE* Precaution Code
		CE Patient Condition Code
		IS Living Will Code
		IS Organ Donor Code
		CE* Advance Directive Code
		DT Patient Status Effective Date
		TS Expected LOA Return Date/Time
		TS Expected Pre-admission Testing Date/Time
		IS* Notify Clergy Code`,
	MRG: `
		CX*! Prior Patient Identifier List
		CX* Prior Alternate Patient ID
		CX Prior Patient Account Number
		CX Prior Patient ID
		CX Prior Visit Number
		CX Prior Alternate Visit ID
		XPN* Prior Patient Name`,
	AL1: `
		SI! Set ID - AL1
		CE Allergen Type Code
		CE! Allergen Code/Mnemonic/Description
		CE Allergy Severity Code
		ST* Allergy Reaction Code
		DT Identification Date`,
	DG1: `
		SI! Set ID - DG1
		ID Diagnosis Coding Method
		CE Diagnosis Code - DG1
		ST Diagnosis Description
		TS Diagnosis Date/Time
		IS! Diagnosis Type
		CE Major Diagnostic Category
		CE Diagnostic Related Group
		ID#0136 DRG Approval Indicator
		IS DRG Grouper Review Code
		CE Outlier Type
		NM Outlier Days
		CP Outlier Cost
		ST Grouper Version And Type
		ID Diagnosis Priority
		XCN* Diagnosing Clinician
		IS Diagnosis Classification
		ID#0136 Confidential Indicator
		TS Attestation Date/Time
		EI Diagnosis Identifier
		ID Diagnosis Action Code`,
};
