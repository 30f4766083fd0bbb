"""Words that people, streets and companies of the simulated world are made of."""

WOMEN = (
    "MARIA", "ANA", "JÚLIA", "BEATRIZ", "CONCEIÇÃO", "LETÍCIA", "PATRÍCIA", "MÁRCIA", "ÂNGELA",
    "FERNANDA", "ADRIANA", "LUÍZA", "TÂNIA", "SÔNIA", "HELENA", "RAÍSSA", "ELOÁ", "CLÁUDIA",
    "VERÔNICA", "GABRIELA", "ANA PAULA", "MARIA JOSÉ", "MARIA DE FÁTIMA", "IRACEMA", "DÉBORA",
    "SIMONE", "VALÉRIA", "ROSÂNGELA", "NATÁLIA", "CAMILA",
)  # fmt: skip
MEN = (
    "JOÃO", "JOSÉ", "ANTÔNIO", "LUÍS", "MÁRIO", "SEBASTIÃO", "RAIMUNDO", "CÉSAR", "FÁBIO",
    "ANDRÉ", "TIAGO", "MATHEUS", "VINÍCIUS", "ROGÉRIO", "SÉRGIO", "FLÁVIO", "CAUÃ", "NÍCOLAS",
    "JOSÉ CARLOS", "JOÃO PEDRO", "PAULO", "RICARDO", "EDUARDO", "GONÇALO", "RENÊ", "MARCOS",
    "ANDERSON", "WELLINGTON", "CLÁUDIO", "ESTÊVÃO",
)  # fmt: skip
SURNAMES = (
    "DA SILVA", "DOS SANTOS", "SOUZA", "OLIVEIRA", "PEREIRA", "LIMA", "CARVALHO", "FERREIRA",
    "RODRIGUES", "ALMEIDA", "NASCIMENTO", "ARAÚJO", "RIBEIRO", "GONÇALVES", "MENDONÇA", "ASSUNÇÃO",
    "SIMÕES", "BRANDÃO", "LEÃO", "CÂMARA", "FRANÇA", "D'ÁVILA", "GUIMARÃES", "MAGALHÃES", "SÁ",
    "TEIXEIRA", "MOREIRA", "NÓBREGA", "VALENÇA", "CAVALCANTI", "DE JESUS", "BITTENCOURT",
    "SCHMITZ", "ZIMMERMANN", "KOERICH", "YAMAMOTO", "BORTOLUZZI", "FONTANELLA", "E SOUSA",
)  # fmt: skip
FOREIGN_NAMES = (
    "JUAN PABLO GÓMEZ", "GIULIA ROSSI", "HANS MÜLLER", "MARIE-CLAIRE DUBOIS", "KENJI SATO",
    "SOFÍA FERNÁNDEZ NÚÑEZ", "JOHN O'CONNOR", "ANASTASIA IVANOVA",
)  # fmt: skip
PROFESSIONS = (
    "PROFESSORA", "ENGENHEIRO", "MOTORISTA", "ENFERMEIRA", "COMERCIANTE", "SERVIDOR PÚBLICO",
    "AUTÔNOMO", "MÉDICO", "VENDEDORA", "APOSENTADO", "ADVOGADA", "PEDREIRO", "ANALISTA DE SISTEMAS",
)  # fmt: skip
CIVIL_STATUSES = (
    "SOLTEIRO(A)", "CASADO(A)", "DIVORCIADO(A)", "VIÚVO(A)", "UNIÃO ESTÁVEL", "SEPARADO(A)",
)  # fmt: skip
BUSINESS_WORDS = (
    "COMÉRCIO DE MATERIAIS", "PADARIA E CONFEITARIA", "TRANSPORTES", "CLÍNICA MÉDICA",
    "CONSULTORIA", "PARTICIPAÇÕES", "REPRESENTAÇÕES", "SERVIÇOS DE LIMPEZA", "AUTOPEÇAS",
)  # fmt: skip
STREETS = (
    "Rua das Acácias", "Avenida Brasil", "Rua São João", "Travessa da Conceição",
    "Rua XV de Novembro", "Avenida Getúlio Vargas", "Rua Sete de Setembro", "Alameda dos Ipês",
    "Rua José Bonifácio", "Rodovia SC-401", "Servidão Três Irmãos", "Rua Padre Antônio Vieira",
)  # fmt: skip
NEIGHBOURHOODS = (
    "Centro", "Jardim América", "Vila Nova", "São José", "Boa Vista", "Santo Antônio", "Trindade",
    "Água Verde", "Pântano do Sul", "Cidade Nova",
)  # fmt: skip
# (city id in the ERP, name, state, area code, first five digits of the CEP)
CITIES = (
    (4321, "Florianópolis", "SC", "48", "88010"),
    (4322, "São José", "SC", "48", "88101"),
    (4330, "Joinville", "SC", "47", "89201"),
    (4331, "Blumenau", "SC", "47", "89010"),
    (4340, "Chapecó", "SC", "49", "89801"),
    (4101, "Curitiba", "PR", "41", "80010"),
    (4102, "Maringá", "PR", "44", "87013"),
    (3501, "São Paulo", "SP", "11", "01310"),
    (3502, "Ribeirão Preto", "SP", "16", "14010"),
    (5201, "Goiânia", "GO", "62", "74003"),
    (2901, "Salvador", "BA", "71", "40010"),
    (1501, "Belém", "PA", "91", "66010"),
)
BUILDINGS = (
    "RESIDENCIAL JARDIM D'ÁGUA", "EDIFÍCIO MONTE CARLO", "CONDOMÍNIO VILA DAS FLORES",
    "LOTEAMENTO BELA VISTA", "RESIDENCIAL SÃO FRANCISCO", "PARQUE DOS IPÊS", "TORRE ATLÂNTICA",
    "RESERVA DO BOSQUE", "RESIDENCIAL ÁGUAS CLARAS", "PORTAL DO SOL", "VIVENDAS DO VALE",
    "EDIFÍCIO CORAÇÃO DE MARIA",
)  # fmt: skip
