"""Lookalikes: real words that are near to others, and how words are written in a hurry."""

MEDICAL = frozenset(
    """
    acidosis adalimumab agonist anemia angina anifrolumab anuria apheresis aplastic arterial arteriole
    arteritis arthrosis ascites asthma ataxia atrial atrophy atypical azathioprine benign biliary
    bronchial bronchitis bulimia bursitis calcification candida carditis carotid cataract cellulitis
    cerebellar cerebral cervical cession chloroquine cholestasis ciclosporin cirrhosis clonal coeliac
    colitis congenital creatine cutaneous cyclospora cyclosporine cystitis cytokinin cytosis deferens
    dementia dermal dermatitis dexamethasone diabetic diastolic diuresis duodenal dysphagia dysphasia
    dyspnea eczema effector elective embolism emphysema encephalitis encephalopathy endocrine
    endometriosis enthesitis epilepsy erythema etanercept everolimus fasting femoral fetal fibrillation
    fibromyalgia fibrosis gallstones gastritis gingival glucose glycemia gonadal granuloma hematuria
    hemolysis hemophilia hemostasis hepatic hepatitis hernia histamine humoral hydrocephalus
    hydrocortisone hypertension hypertensive hypertrophy hypoplasia hypotension hypoxia hysterectomy
    ileitis ileum immunity infarction infective inflammasome inflection infliction infliximab inhibitory
    injection injunction insulin intestinal ischemia jaundice keratosis ketamine ketosis lactose
    leflunomide leukemic leukocytosis lipid lymphatic lymphoma macular malignant mastitis maternal
    mediation medication meditation melanoma meningeal meningitis metabolic migraine mitral mobility
    molality morality motility mucosal multicentric mutation myalgia myelin myelitis myeloma myocarditis
    myopathy myopia myositis necrosis neonatal neonate nephrectomy nephropathy nephrosis nephrotic
    neural neuralgia neuritis neuronal neuropathy neutropenia nodule obesity obinutuzumab ocular
    oliguria osteopenia osteoporosis ovarian palate pancreas pancreatitis paralysis parotid pelvic
    perfusion pericarditis peritoneal peritonitis phobia pituitary placenta placental plaque plasma
    platelet pleural pleurisy pleuritis podagra polyp postnatal prednisolone prenatal prolapse prostate
    protease proteinase psoriasis pulmonary purpura radial rectal recurrent regression remedial renin
    resection retina retinal retinitis retinopathy rosacea rubella saline sarcoidosis scleroderma
    sclerosis secession secretion sedation sepsis serology serositis sickle sirolimus spasm spinal
    splicing spondylitis sputum steatosis stenosis stenting steroidal stomatitis sulfasalazine synovitis
    systolic telomere tendinitis tendon tetanus thalassemia thrombin thrombocytopenic thrombocytosis
    thymus thyroid thyroiditis tofacitinib tonsil toxin transferrin transfusion tremor tuberous ulcer
    ulcerative umbilicus urea uremia ureteral urethral urinary urticaria uterine uveitis vaginal
    vascular vasculitis venous ventricular vertigo viral vitiligo voclosporin
    """.split()
)
"""Words of medicine that are a slip or two from another and mean something else; never read as that."""

HURRIED = {
    "abt": "about",
    "bc": "because",
    "coz": "because",
    "cuz": "because",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "pts": "patients",
    "tho": "though",
    "thay": "they",
    "thru": "through",
    "thx": "thanks",
    "ur": "your",
    "wat": "what",
    "wiht": "with",
    "wih": "with",
    "wud": "would",
    "shud": "should",
    "cud": "could",
    "yrs": "years",
    "yr": "year",
    "mths": "months",
    "wks": "weeks",
} | {
    word.replace("'", ""): word
    for word in """
    ain't aren't can't couldn't didn't doesn't don't hadn't hasn't haven't isn't mightn't mustn't needn't
    shouldn't that's there's they're they've wasn't weren't what's where's who's won't wouldn't you're you've
    i've i'm he's she's how's let's
    """.split()
}
"""Short forms of messages, and contractions without their apostrophe, as they are read."""
